/** The command and what follows it; go takes `-C dir` before it. */
function ownWords(args: readonly string[]): readonly string[] {
  const [first = ''] = args;
  if (/^--?C$/.test(first)) return args.slice(2);
  return /^--?C=/.test(first) ? args.slice(1) : args;
}

/** Whether go prints or writes its settings, and nothing else. */
export function isEnvironmentCommand(args: readonly string[]): boolean {
  return ownWords(args)[0] === 'env';
}

/** Whether go removes its whole module cache, and nothing else. */
export function isCleaningCache(args: readonly string[]): boolean {
  const [command, ...rest] = ownWords(args);
  return (
    command === 'clean' &&
    rest.some((arg) => /^--?modcache$/.test(arg)) &&
    rest.every((arg) => /^--?(?:modcache|x|n)$/.test(arg))
  );
}
