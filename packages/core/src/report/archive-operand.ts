import type { ExpectedPackage } from '../finding/expected.ts';
import { ecosystemOf, type Ecosystem, type Format } from '../finding/format.ts';
import { parseIdentity, formatIdentity } from '../policy/package-identity.ts';
import { printable, redactUrl, shellWord } from '../text/printable.ts';

/** The facts with which a user can find an archive again. All text is unescaped and may be hostile. */
export interface ArchiveLocation {
  /** The package that a registry promised. Absent for archives from git, from a URL or from a file. */
  readonly expected?: ExpectedPackage | undefined;
  /** The URL or path of the bytes. */
  readonly source?: string | undefined;
  readonly format: Format;
}

/** An operand of `tarwarden explain` and `tarwarden allow`, as one word that is safe to paste into a shell. */
export interface ArchiveOperand {
  readonly word: string;
  /** A command that downloads the file of this name first. Absent if none is needed. */
  readonly download?: string;
}

const PREFIXES: Readonly<Record<Ecosystem, string>> = {
  npm: '',
  pypi: 'pypi:',
  rubygems: 'gem:',
  go: 'go:',
};

const FILE_NAME = /\.(?:tgz|tar\.gz|tar|whl|gem|zip)$/i;
const MAX_WORD = 400;

/**
 * The operand for an archive. Undefined if no command can name it: it comes from git, its URL contains credentials, or its name
 * contains characters that are not safe to paste.
 */
export function archiveOperand(location: ArchiveLocation): ArchiveOperand | undefined {
  const { expected, source, format } = location;
  const file = source === undefined ? undefined : localFile(source);
  if (file !== undefined) {
    const word = pastable(file);
    return word === undefined ? undefined : { word };
  }
  const ecosystem = ecosystemOf[format];
  const identity = formatIdentity(expected?.name, expected?.version);
  if (identity !== undefined && parseIdentity(identity, ecosystem) !== undefined) {
    const word = pastable(PREFIXES[ecosystem] + identity);
    if (word !== undefined) return { word };
  }
  return source === undefined ? undefined : downloaded(source);
}

/** The path of an archive on this machine. Undefined if the source is something else. */
function localFile(source: string): string | undefined {
  const path = source.replace(/^file:(?:\/\/(?=\/))?/, '');
  const isPath = /^(?:\/|[a-z]:[\\/])/i.test(path) || !source.includes(':');
  return isPath && !path.includes('%') && FILE_NAME.test(path) ? path : undefined;
}

function downloaded(source: string): ArchiveOperand | undefined {
  if (!/^https?:\/\//i.test(source) || redactUrl(source) !== source) return undefined;
  const url = pastable(source);
  const name = /\/([\w][\w.-]*)(?:[?#].*)?$/.exec(source)?.[1];
  if (url === undefined || name === undefined || !FILE_NAME.test(name)) return undefined;
  return { word: `./${name}`, download: `curl -fLo ./${name} ${url}` };
}

/**
 * A text as one word of a command. Undefined for a text that begins like an option or contains characters that a terminal does not
 * show: the command would then differ from what the user sees.
 */
function pastable(text: string): string | undefined {
  if (text.length > MAX_WORD || !/^[^-~][ -~]*$/.test(text) || printable(text) !== text)
    return undefined;
  if (/^[\w@./:+-]+$/.test(text)) return text;
  // The Windows command prompt does not know single quotes, so these characters would end the command there.
  return /[&|<>^"'`]/.test(text) ? undefined : shellWord(text);
}
