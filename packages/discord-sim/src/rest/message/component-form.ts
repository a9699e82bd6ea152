import {
  choiceRule,
  type FieldRule,
  type Fields,
  flagRule,
  integerRule,
  keptRule,
  listRule,
  objectRule,
  problemsOf,
  type Rules,
  required,
  textRule,
} from "../form.ts";
import type { FormProblem } from "../rest-error.ts";

/**
 * Components of messages and modals. Source: https://discord.com/developers/docs/components/reference
 *
 * `message` is the classic form: rows of buttons and selects. `v2` is Components V2, `modal` what a modal holds.
 */
export type ComponentForm = "message" | "v2" | "modal";

export const ComponentType = {
  ActionRow: 1,
  Button: 2,
  StringSelect: 3,
  TextInput: 4,
  UserSelect: 5,
  RoleSelect: 6,
  MentionableSelect: 7,
  ChannelSelect: 8,
  Section: 9,
  TextDisplay: 10,
  Thumbnail: 11,
  MediaGallery: 12,
  File: 13,
  Separator: 14,
  Container: 17,
  Label: 18,
  FileUpload: 19,
  RadioGroup: 21,
  CheckboxGroup: 22,
  Checkbox: 23,
} as const;

const T = ComponentType;
const SELECTS: readonly number[] = [3, 5, 6, 7, 8];
const V2_COMPONENTS_MAX = 40;
const ROWS_MAX = 5;
const ROW_BUTTONS_MAX = 5;

const customId = textRule(100, 1);
const common = { type: keptRule, id: integerRule(0, 2 ** 31 - 1) };
const select = {
  ...common,
  custom_id: customId,
  placeholder: textRule(150),
  min_values: integerRule(0, 25),
  max_values: integerRule(1, 25),
  disabled: flagRule,
  required: flagRule,
  default_values: listRule(25),
};
const media: FieldRule = (value) => objectRule(value);

/** Fields of each type; `components`, `component` and `accessory` are looked into. */
const RULES: Readonly<Record<number, Rules>> = {
  [T.ActionRow]: { ...common, components: listRule(ROW_BUTTONS_MAX) },
  [T.Button]: {
    ...common,
    style: choiceRule(1, 2, 3, 4, 5, 6),
    label: textRule(80),
    emoji: objectRule,
    custom_id: customId,
    sku_id: keptRule,
    url: textRule(512),
    disabled: flagRule,
  },
  [T.StringSelect]: { ...select, options: listRule(25) },
  [T.UserSelect]: select,
  [T.RoleSelect]: select,
  [T.MentionableSelect]: select,
  [T.ChannelSelect]: { ...select, channel_types: listRule(20) },
  [T.TextInput]: {
    ...common,
    custom_id: customId,
    style: choiceRule(1, 2),
    label: textRule(45),
    min_length: integerRule(0, 4000),
    max_length: integerRule(1, 4000),
    required: flagRule,
    value: textRule(4000),
    placeholder: textRule(100),
  },
  [T.Section]: { ...common, components: listRule(3), accessory: objectRule },
  [T.TextDisplay]: { ...common, content: textRule(4000, 1) },
  [T.Thumbnail]: { ...common, media, description: textRule(1024), spoiler: flagRule },
  [T.MediaGallery]: { ...common, items: listRule(10) },
  [T.File]: { ...common, file: media, spoiler: flagRule, name: keptRule, size: keptRule },
  [T.Separator]: { ...common, divider: flagRule, spacing: choiceRule(1, 2) },
  [T.Container]: {
    ...common,
    components: listRule(V2_COMPONENTS_MAX),
    accent_color: integerRule(0, 0xff_ff_ff),
    spoiler: flagRule,
  },
  [T.Label]: { ...common, label: textRule(45, 1), description: textRule(100), component: objectRule },
  [T.FileUpload]: {
    ...common,
    custom_id: customId,
    min_values: integerRule(0, 10),
    max_values: integerRule(1, 10),
    required: flagRule,
    file_types: listRule(50),
  },
  [T.RadioGroup]: { ...common, custom_id: customId, options: listRule(10), required: flagRule },
  [T.CheckboxGroup]: {
    ...common,
    custom_id: customId,
    options: listRule(10),
    min_values: integerRule(0, 10),
    max_values: integerRule(1, 10),
    required: flagRule,
  },
  [T.Checkbox]: { ...common, custom_id: customId, default: flagRule },
};

const TOP: Readonly<Record<ComponentForm, readonly number[]>> = {
  message: [T.ActionRow],
  v2: [T.ActionRow, T.Section, T.TextDisplay, T.MediaGallery, T.File, T.Separator, T.Container],
  modal: [T.ActionRow, T.TextDisplay, T.Label],
};

/** What may be inside of what. */
const INSIDE: Readonly<Record<number, readonly number[]>> = {
  [T.Section]: [T.TextDisplay],
  [T.Container]: [T.ActionRow, T.Section, T.TextDisplay, T.MediaGallery, T.File, T.Separator],
  [T.Label]: [T.TextInput, ...SELECTS, T.FileUpload, T.RadioGroup, T.CheckboxGroup, T.Checkbox],
};

export function componentProblems(components: unknown, form: ComponentForm): readonly FormProblem[] {
  if (!Array.isArray(components)) return [];
  const problems = components.flatMap((component: unknown, index) =>
    problemsIn(component, `components.${index}`, TOP[form], form),
  );
  const most = form === "v2" ? V2_COMPONENTS_MAX : ROWS_MAX;
  const count = form === "v2" ? countOf(components) : components.length;
  const tooMany = count > most ? [{ field: "components", ...lengthProblem(most) }] : [];
  return [...problems, ...tooMany, ...duplicates(components)];
}

function problemsIn(
  component: unknown,
  path: string,
  allowed: readonly number[],
  form: ComponentForm,
): readonly FormProblem[] {
  const fields = asFields(component);
  const type = fields?.["type"];
  if (fields === undefined || typeof type !== "number" || !allowed.includes(type)) {
    const message = `Value of field "type" must be one of (${allowed.join(", ")}).`;
    return [{ field: `${path}.type`, code: "UNION_TYPE_CHOICES", message }];
  }
  const own = problemsOf(fields, RULES[type] ?? {}).map((problem) => ({
    ...problem,
    field: `${path}.${problem.field}`,
  }));
  return [...own, ...missing(fields, type, path), ...inside(fields, type, path, form)];
}

function missing(fields: Fields, type: number, path: string): readonly FormProblem[] {
  const needed: string[] = [];
  if (type === T.Button) {
    const style = fields["style"];
    if (style === undefined) needed.push("style");
    else if (style === 5) needed.push("url");
    else if (style === 6) needed.push("sku_id");
    else needed.push("custom_id");
  } else if (SELECTS.includes(type) || INPUTS.includes(type)) needed.push("custom_id");
  if (type === T.StringSelect) needed.push("options");
  if (type === T.TextDisplay) needed.push("content");
  if (type === T.Label) needed.push("label", "component");
  if (type === T.Section) needed.push("components", "accessory");
  if (type === T.ActionRow || type === T.Container) needed.push("components");
  return needed
    .filter((name) => fields[name] === undefined || fields[name] === null)
    .map((name) => required(`${path}.${name}`));
}

const INPUTS: readonly number[] = [4, 19, 21, 22, 23];

function inside(fields: Fields, type: number, path: string, form: ComponentForm): readonly FormProblem[] {
  const { components, component, accessory } = fields;
  const children = Array.isArray(components) ? components : [];
  const rows = type === T.ActionRow ? rowContents(children, form) : (INSIDE[type] ?? []);
  const isCrowded =
    type === T.ActionRow &&
    children.length > 1 &&
    children.some((child: unknown) => asFields(child)?.["type"] !== T.Button);
  return [
    ...children.flatMap((child: unknown, index) =>
      problemsIn(child, `${path}.components.${index}`, rows, form),
    ),
    ...(isCrowded ? [{ field: `${path}.components`, ...CROWDED }] : []),
    ...(component === undefined ? [] : problemsIn(component, `${path}.component`, INSIDE[type] ?? [], form)),
    ...(accessory === undefined
      ? []
      : problemsIn(accessory, `${path}.accessory`, [T.Button, T.Thumbnail], form)),
    ...(type === T.StringSelect ? optionProblems(fields["options"], path) : []),
  ];
}

function rowContents(children: readonly unknown[], form: ComponentForm): readonly number[] {
  if (form === "modal") return [T.TextInput];
  return asFields(children[0])?.["type"] === T.Button ? [T.Button] : [T.Button, ...SELECTS];
}

const CROWDED = {
  code: "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
  message: "The specified component exceeds the maximum width",
};

const OPTION_RULES: Rules = {
  label: textRule(100, 1),
  value: textRule(100),
  description: textRule(100),
  emoji: objectRule,
  default: flagRule,
};

function optionProblems(options: unknown, path: string): readonly FormProblem[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: unknown, index) => {
    const field = `${path}.options.${index}`;
    const fields = asFields(option) ?? {};
    const absent = ["label", "value"].filter((name) => fields[name] === undefined);
    return [
      ...absent.map((name) => required(`${field}.${name}`)),
      ...problemsOf(fields, OPTION_RULES).map((problem) => ({
        ...problem,
        field: `${field}.${problem.field}`,
      })),
    ];
  });
}

function duplicates(components: readonly unknown[]): readonly FormProblem[] {
  const ids = allOf(components).flatMap(({ custom_id: id }) => (typeof id === "string" ? [id] : []));
  if (new Set(ids).size === ids.length) return [];
  return [
    {
      field: "components",
      code: "COMPONENT_CUSTOM_ID_DUPLICATED",
      message: "Component custom id cannot be duplicated",
    },
  ];
}

/** All components with those inside them. */
export function allOf(components: readonly unknown[]): readonly Fields[] {
  return components.flatMap((entry) => {
    const fields = asFields(entry);
    if (fields === undefined) return [];
    const { components: inner, component, accessory } = fields;
    const children = [...(Array.isArray(inner) ? inner : []), component, accessory];
    return [fields, ...allOf(children)];
  });
}

/** Discord numbers the components that have no `id`, from 1 and in order. */
export function withComponentIds(components: readonly unknown[]): readonly unknown[] {
  let next = 1;
  const taken = new Set(allOf(components).map(({ id }) => id));
  const number = (entry: unknown): unknown => {
    const fields = asFields(entry);
    if (fields === undefined) return entry;
    let { id } = fields;
    if (typeof id !== "number" || id === 0) {
      while (taken.has(next)) next += 1;
      id = next;
      next += 1;
    }
    const { components: inner, component, accessory } = fields;
    return {
      ...fields,
      id,
      ...(Array.isArray(inner) ? { components: inner.map(number) } : {}),
      ...(component === undefined ? {} : { component: number(component) }),
      ...(accessory === undefined ? {} : { accessory: number(accessory) }),
    };
  };
  return components.map(number);
}

function countOf(components: readonly unknown[]): number {
  return allOf(components).length;
}

function lengthProblem(most: number): Omit<FormProblem, "field"> {
  return { code: "BASE_TYPE_BAD_LENGTH", message: `Must be between 1 and ${most} in length.` };
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
