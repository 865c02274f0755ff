import { matchesPatterns, type ProxyEntry } from '@tarwarden/guard/go';
/*
 * Branches with a slash in the name: `go get m@feature/x`. go asks no module proxy about them, and so not the gateway, but the origin.
 * So the guard first lets its own go find the version, and passes that version to the go of the run.
 */
import { placedWords } from '@tarwarden/clients/go/command-line';
import type { DirectModules } from './direct.ts';

/** Commands whose arguments may be modules with a version. For `run`, words of the program follow the module. */
const COMMANDS = /^(?:get|install|list|mod download|run)$/;
/** Flags with a separate word as their value: of builds, and of these commands (`go help build`, `go help list`). */
const VALUED =
  /^--?(?:C|asmflags|buildmode|compiler|covermode|coverpkg|exec|f|gccgoflags|gcflags|installsuffix|ldflags|mod|modfile|o|overlay|p|pgo|pkgdir|reuse|tags|toolexec)$/;
/** The most elements that are removed from the end of a path until the rest is a module. go tries as many. */
const MAX_PARTS = 32;

export interface Origins {
  readonly list: readonly ProxyEntry[];
  readonly noProxy: string;
  readonly direct: DirectModules;
}

/** The arguments with versions instead of such branches. A branch that is not found stays, and go reports it as invalid. */
export async function withoutBranches(
  args: readonly string[],
  origins: Origins,
  show: (line: string) => void,
): Promise<readonly string[]> {
  const positionedWords = placedWords(args);
  const commandName = positionedWords[0]?.[1] ?? '';
  const isParent = commandName === 'mod';
  if (!COMMANDS.test(isParent ? `mod ${positionedWords[1]?.[1]}` : commandName)) return args;
  const changed = [...args];
  let isValue = false;
  for (const [index, word] of positionedWords.slice(isParent ? 2 : 1)) {
    const isFlag: boolean = !isValue && word.startsWith('-');
    const isNamed = isFlag || isValue;
    isValue = isFlag && VALUED.test(word);
    if (isNamed) continue;
    const [, path, query] = /^([\w][\w.~/-]*\.[\w.~/-]*)@([^@]*\/[^@]*)$/.exec(word) ?? [];
    if (path !== undefined && query !== undefined && isAskedDirectly(path, origins)) {
      // oxlint-disable-next-line no-await-in-loop -- there is one, as a rule
      const outcome = await versionOf(path, query, origins.direct);
      if (outcome.version !== undefined) changed[index] = `${path}@${outcome.version}`;
      else show(`${word} was not found at its origin: ${outcome.why}`);
    }
    if (commandName === 'run') break;
  }
  return changed;
}

/** Whether go itself would ask the origin for such a branch. */
function isAskedDirectly(path: string, { list, noProxy }: Origins): boolean {
  if (matchesPatterns(noProxy, path)) return true;
  const directIndex = list.findIndex(({ address }) => address === 'direct');
  return directIndex >= 0 && list.slice(0, directIndex).every(({ onAnyError }) => onAnyError);
}

type Outcome = { readonly version: string } | { readonly version?: never; readonly why: string };

async function versionOf(path: string, query: string, direct: DirectModules): Promise<Outcome> {
  const parts = path.split('/');
  let why = '';
  for (
    let partCount = parts.length;
    partCount > 0 && partCount > parts.length - MAX_PARTS;
    partCount--
  ) {
    // oxlint-disable-next-line no-await-in-loop -- the longest path counts
    const versionOrError = await direct.find(parts.slice(0, partCount).join('/'), query);
    if (typeof versionOrError === 'string') return { version: versionOrError };
    why ||= versionOrError.message;
  }
  return { why };
}
