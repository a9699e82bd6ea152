"""A bot on discord.py, unmodified but for its addresses. Prints one JSON object a line, takes one command a line."""

import asyncio
import json
import sys

import discord
from discord import app_commands
from yarl import URL

API_URL, TOKEN, GUILD_ID = sys.argv[1:4]
discord.http.Route.BASE = API_URL
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = URL(API_URL.replace("http", "ws").replace("/api/v10", "/gateway"))


def say(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Form(discord.ui.Modal, title="One question"):
    answer = discord.ui.TextInput(label="Your answer", custom_id="answer")

    async def on_submit(self, interaction):
        view = discord.ui.View(timeout=None)
        button = discord.ui.Button(label="More", custom_id="more")

        async def pressed(press):
            await press.response.edit_message(content="pressed")

        button.callback = pressed
        view.add_item(button)
        await interaction.response.send_message(self.answer.value, view=view)


class Bot(discord.Client):
    def __init__(self):
        intents = discord.Intents.default()
        intents.message_content = True
        intents.members = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.done = False

    async def setup_hook(self):
        @self.tree.command(name="ask", description="Asks for something", guild=discord.Object(int(GUILD_ID)))
        async def ask(interaction: discord.Interaction, topic: str):
            await interaction.response.send_modal(Form(custom_id="ask-form"))

        await self.tree.sync(guild=discord.Object(int(GUILD_ID)))

    async def on_ready(self):
        if self.done:
            return
        self.done = True
        guild = self.get_guild(int(GUILD_ID))
        say("ready", guild=guild.name, members=guild.member_count, cached=len(guild.members), id=str(self.user.id))
        channel = discord.utils.get(guild.text_channels, name="general")
        one = await channel.send("one")
        two = await channel.send("two")
        reply = await two.reply("reply")
        await two.edit(content="three")
        await two.add_reaction("🎉")
        page = [message.content async for message in channel.history(limit=10)]
        latest = await channel.fetch_message(two.id)
        say("history", page=page, reference=str(reply.reference.message_id), two=str(two.id),
            reactions=[[str(found.emoji), found.count, found.me] for found in latest.reactions])
        await one.delete()
        page = [message.content async for message in channel.history(limit=10)]
        person = next(member for member in guild.members if not member.bot)
        direct = await person.create_dm()
        await direct.send("hello in private")
        say("played", page=page, direct=str(direct.id))

    async def on_message(self, message):
        if message.author.id != self.user.id:
            say("message", content=message.content)


async def main():
    bot = Bot()
    async with bot:
        await bot.start(TOKEN)


asyncio.run(main())
