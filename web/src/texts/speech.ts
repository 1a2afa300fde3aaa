/** Numbers, lists and times as a language says them. */

/** One form for each that the language tells apart, by `Intl.PluralRules`; `other` where one is not given. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export function plural(lang: string, count: number, forms: Forms): string {
  return forms[new Intl.PluralRules(lang).select(count)] ?? forms.other;
}

export function listOf(lang: string, names: readonly string[]): string {
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(names);
}
