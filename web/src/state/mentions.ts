/** Whom a text calls by name: `<@user id>`, or `<@all>`. What stands in code calls nobody. Pure. */

const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

export function callsMe(text: string, me: string): boolean {
  if (!text.includes("<@")) return false;
  const said = text.replace(CODE, " ");
  return said.includes(`<@${me}>`) || said.includes("<@all>");
}
