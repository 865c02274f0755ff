/** Commands with subcommands. */
const PARENTS = new Set(['mod', 'work', 'help']);

/** The index of `-C dir`, which must be go's first flag, and its number of words (cmd/go/main.go, handleChdirFlag). */
function folderFlag(args: readonly string[]): { readonly at: number; readonly words: number } {
  const [first = '', second = ''] = args;
  let at = first.startsWith('-') ? 0 : 1;
  if (PARENTS.has(first) && !second.startsWith('-')) at = 2;
  const flag = args[at] ?? '';
  if (/^--?C$/.test(flag)) return { at, words: 2 };
  return { at, words: /^--?C=/.test(flag) ? 1 : 0 };
}

/** The words of the flag with which go changes its folder; empty without it. */
export function folderWords(args: readonly string[]): readonly string[] {
  const { at, words } = folderFlag(args);
  return args.slice(at, at + words);
}

/** The folder that go changes to; undefined if it changes none. */
export function folderOf(args: readonly string[]): string | undefined {
  const [flag, next] = folderWords(args);
  return next ?? flag?.replace(/^--?C=/, '');
}

/** All words but those of `-C`, each with its index among the arguments. */
export function placedWords(args: readonly string[]): readonly (readonly [number, string])[] {
  const { at, words } = folderFlag(args);
  return [...args.entries()].filter(([place]) => place < at || place >= at + words);
}

function ownWords(args: readonly string[]): readonly string[] {
  return placedWords(args).map(([, word]) => word);
}

/** Whether go writes its settings. It then prints none of them, and needs no toolchain. */
export function isWritingEnvironment(args: readonly string[]): boolean {
  const [command, ...rest] = ownWords(args);
  return command === 'env' && rest.some((arg) => /^--?[wu]$/.test(arg));
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
