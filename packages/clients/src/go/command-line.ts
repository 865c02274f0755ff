/** Commands with subcommands. */
const PARENTS = new Set(['mod', 'work', 'help']);

/** The index of `-C dir`, which must be go's first flag, and its number of words (cmd/go/main.go, handleChdirFlag). */
function folderFlag(args: readonly string[]): { readonly at: number; readonly wordCount: number } {
  const [first = '', second = ''] = args;
  let at = first.startsWith('-') ? 0 : 1;
  if (PARENTS.has(first) && !second.startsWith('-')) at = 2;
  const flag = args[at] ?? '';
  if (/^--?C$/.test(flag)) return { at, wordCount: 2 };
  return { at, wordCount: /^--?C=/.test(flag) ? 1 : 0 };
}

/** The words of the flag with which go changes its folder; empty without it. */
export function folderWords(args: readonly string[]): readonly string[] {
  const { at, wordCount } = folderFlag(args);
  return args.slice(at, at + wordCount);
}

/** The folder that go changes to; undefined if it changes none. */
export function folderOf(args: readonly string[]): string | undefined {
  const [flag, next] = folderWords(args);
  return next ?? flag?.replace(/^--?C=/, '');
}

/** All words but those of `-C`, each with its index among the arguments. */
export function placedWords(args: readonly string[]): readonly (readonly [number, string])[] {
  const { at, wordCount } = folderFlag(args);
  return [...args.entries()].filter(([index]) => index < at || index >= at + wordCount);
}

function ownWords(args: readonly string[]): readonly string[] {
  return placedWords(args).map(([, word]) => word);
}

/** Whether go writes its settings. It then prints none of them, and needs no toolchain. */
export function isWritingEnvironment(args: readonly string[]): boolean {
  const [command, ...otherWords] = ownWords(args);
  return command === 'env' && otherWords.some((arg) => /^--?[wu]$/.test(arg));
}

/** Whether go prints or writes its settings, and nothing else. */
export function isEnvironmentCommand(args: readonly string[]): boolean {
  return ownWords(args)[0] === 'env';
}

/** Whether go removes its whole module cache, and nothing else. */
export function isCleaningCache(args: readonly string[]): boolean {
  const [command, ...otherWords] = ownWords(args);
  return (
    command === 'clean' &&
    otherWords.some((arg) => /^--?modcache$/.test(arg)) &&
    otherWords.every((arg) => /^--?(?:modcache|x|n)$/.test(arg))
  );
}
