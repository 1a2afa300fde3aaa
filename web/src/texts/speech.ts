/** Numbers, lists and times as a language says them. */

export function plural(lang: string, count: number, forms: { one: string; other: string }): string {
  return new Intl.PluralRules(lang).select(count) === "one" ? forms.one : forms.other;
}

export function listOf(lang: string, names: readonly string[]): string {
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(names);
}
