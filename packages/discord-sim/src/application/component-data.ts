import { isSnowflake } from "@guildwire/discord-wire";
import { type Built, type Data, resolvedOf, type Surroundings } from "./interaction-data.ts";

/** The `data` of presses, choices and forms, from the components that were used. */

type Fields = Readonly<Record<string, unknown>>;

const BUTTON = 2;
const STRING_SELECT = 3;
const LABEL = 18;
const CHECKBOX = 23;
const SELECT_OPTION: Readonly<Record<number, number>> = { 5: 6, 6: 8, 7: 9, 8: 7 };
/** Styles whose press the application is not told of: links and things for sale. */
const SILENT_STYLES: readonly unknown[] = [5, 6];

export function findComponent(components: readonly unknown[], customId: string): Fields | undefined {
  return all(components).find((component) => component["custom_id"] === customId);
}

/** All components that can be used, with their custom ids. */
export function usableComponents(components: readonly unknown[]): readonly Fields[] {
  return all(components).filter(
    (component) => typeof component["custom_id"] === "string" && component["disabled"] !== true,
  );
}

export function buttonData(component: Fields): Built {
  if (component["type"] !== BUTTON) return { ok: false, field: "customId", problem: "is not a button" };
  if (component["disabled"] === true) return { ok: false, field: "customId", problem: "is disabled" };
  if (SILENT_STYLES.includes(component["style"])) {
    return { ok: false, field: "customId", problem: "is a link, of which nobody is told" };
  }
  const { custom_id, id } = component;
  return { ok: true, data: { custom_id, component_type: BUTTON, id } };
}

export function selectData(component: Fields, values: readonly string[], around: Surroundings): Built {
  const type = Number(component["type"]);
  if (type !== STRING_SELECT && SELECT_OPTION[type] === undefined) {
    return { ok: false, field: "customId", problem: "is not a select" };
  }
  if (component["disabled"] === true) return { ok: false, field: "customId", problem: "is disabled" };
  const problem = valuesProblem(component, values);
  if (problem !== undefined) return { ok: false, field: "values", problem };
  const { custom_id, id } = component;
  const resolved = resolvedValues(type, values, around);
  return { ok: true, data: { custom_id, component_type: type, id, values: [...values], ...resolved } };
}

function valuesProblem(component: Fields, values: readonly string[]): string | undefined {
  const { min_values: least = 1, max_values: most = 1, options } = component;
  if (values.length < Number(least) || values.length > Number(most)) {
    return `must be ${String(least)} to ${String(most)}`;
  }
  if (component["type"] !== STRING_SELECT) {
    return values.every(isSnowflake) ? undefined : "must be ids";
  }
  const known = (Array.isArray(options) ? options : []).map((option: unknown) => (option as Fields)["value"]);
  return values.every((value) => known.includes(value)) ? undefined : "names an option that is not there";
}

function resolvedValues(type: number, values: readonly string[], around: Surroundings): Data {
  const option = SELECT_OPTION[type];
  if (option === undefined) return {};
  const ids = values.filter(isSnowflake).map((id) => ({ type: option, id }));
  const resolved = resolvedOf(ids, around);
  return Object.keys(resolved).length === 0 ? {} : { resolved };
}

export type ModalValues = Readonly<Record<string, string | readonly string[] | boolean>>;

/** What a form holds when it is sent off: each input in the row or label it was in. */
export function modalData(modal: Fields, values: ModalValues): Built {
  const rows = Array.isArray(modal["components"]) ? (modal["components"] as readonly Fields[]) : [];
  const inputs = rows.flatMap(inputsOf);
  for (const name of Object.keys(values)) {
    if (!inputs.some((input) => input["custom_id"] === name)) {
      return { ok: false, field: `values.${name}`, problem: "is not in the form" };
    }
  }
  for (const input of inputs) {
    const name = String(input["custom_id"]);
    const isRequired = input["required"] !== false && input["type"] !== CHECKBOX;
    const value = values[name] ?? input["value"];
    if (isRequired && (value === undefined || value === "")) {
      return { ok: false, field: `values.${name}`, problem: "is missing" };
    }
    const { min_length: least = 0, max_length: most = 4000 } = input;
    if (typeof value === "string" && (value.length < Number(least) || value.length > Number(most))) {
      return { ok: false, field: `values.${name}`, problem: "is too short or too long" };
    }
  }
  const components = rows.flatMap((row): readonly Data[] => {
    const { type, id } = row;
    if (type === LABEL) return [{ type, id, component: sent(row["component"] as Fields, values) }];
    if (type !== 1) return [{ type, id }];
    return [{ type, id, components: inputsOf(row).map((input) => sent(input, values)) }];
  });
  return { ok: true, data: { custom_id: modal["custom_id"], components } };
}

function inputsOf(row: Fields): readonly Fields[] {
  const { components, component } = row;
  const inner = Array.isArray(components) ? (components as readonly Fields[]) : [];
  return [...inner, ...(component === undefined ? [] : [component as Fields])];
}

function sent(input: Fields, values: ModalValues): Data {
  const { type, id, custom_id } = input;
  const value = values[String(custom_id)] ?? input["value"] ?? (type === CHECKBOX ? false : "");
  return { type, id, custom_id, ...(Array.isArray(value) ? { values: value } : { value }) };
}

function all(components: readonly unknown[]): readonly Fields[] {
  return components.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const fields = entry as Fields;
    const { components: inner, component, accessory } = fields;
    return [fields, ...all([...(Array.isArray(inner) ? inner : []), component, accessory])];
  });
}
