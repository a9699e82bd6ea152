/** What a PromQL expression mentions, as far as the tests want to know: no parser, since the expressions are our own. */
export interface Mention {
  readonly metric: string;
  /** Matchers in its braces: label, operator, value. */
  readonly matchers: readonly (readonly [label: string, operator: string, value: string])[];
}

const SELECTOR = /\b((?:guildwire|process|nodejs)_[a-z0-9_]+|up)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;

export function mentions(expression: string): readonly Mention[] {
  return Array.from(expression.matchAll(SELECTOR), ([, metric = "", braces = ""]) => ({
    metric,
    matchers: Array.from(
      braces.matchAll(MATCHER),
      ([, label = "", operator = "", value = ""]) => [label, operator, value] as const,
    ),
  }));
}
