/*
 * js-yaml as the bundles of the hook have it: in a file of its own, which is loaded with the first text. Every pnpm command loads the
 * hook, and most of them read no YAML in it.
 */
const names = ['load', 'Type', 'DEFAULT_SCHEMA', 'FAILSAFE_SCHEMA', 'JSON_SCHEMA'];
for (const name of names)
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => require('./yaml.cjs')[name],
  });
