// The files that a published package has to contain, and those that it must not.

/**
 * Whether an address is a placeholder. No host can have a name that ends in `.invalid` (RFC 2606).
 * @param {string} address
 */
export function isToBeFilledIn(address) {
  return new URL(address).hostname.endsWith('.invalid');
}

/** @param {Record<string, unknown>} manifest */
export function manifestProblems(manifest) {
  const wanted = ['name', 'version', 'description', 'license', 'engines', 'repository', 'homepage'];
  const problems = wanted.filter((key) => !manifest[key]).map((key) => `no "${key}"`);
  const unwanted = ['private', 'devDependencies', 'scripts'];
  problems.push(...unwanted.filter((key) => key in manifest).map((key) => `has "${key}"`));
  const { publishConfig } = manifest;
  if (JSON.stringify(publishConfig) !== '{"access":"public","provenance":true}')
    problems.push('can be published without provenance');
  if (/"(?:workspace|file|link|catalog):/.test(JSON.stringify(manifest)))
    problems.push('depends on what is only in the workspace');
  return problems;
}

/**
 * @param {ReadonlyMap<string, string>} texts  The files, by their paths in the package.
 * @param {string} machine                     A path of this machine, which nothing may name.
 */
export function fileProblems(texts, machine) {
  const wanted = ['README.md', 'LICENSE', 'package.json'];
  const problems = wanted.filter((name) => !texts.has(name)).map((name) => `no ${name}`);
  for (const [path, text] of texts) {
    if (/\.tsbuildinfo$|\.test\.|(?:^|\/)src\//.test(path))
      problems.push(`${path} is not for users`);
    if (text.includes(machine)) problems.push(`${path} names a folder of this machine`);
  }
  return problems;
}
