/**
 * A package URL (https://github.com/package-url/purl-spec). `type` and `name` have the form that the specification demands for the
 * ecosystem. Lone surrogates, which a lockfile may contain, are replaced, since they cannot be in a URL.
 */
export function packageUrl(type: string, name: string, version: string): string {
  return `pkg:${type}/${name.split('/').map(encoded).join('/')}@${encoded(version)}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}
