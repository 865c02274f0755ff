/**
 * A package URL (https://github.com/package-url/purl-spec). `type` and `name` are as the specification has them for the ecosystem.
 * Half of a character, as a lockfile may have it, is replaced: it cannot be in a URL.
 */
export function packageUrl(type: string, name: string, version: string): string {
  return `pkg:${type}/${name.split('/').map(encoded).join('/')}@${encoded(version)}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}
