/* Which names go takes: golang.org/x/mod/module, CheckPath and CheckFilePath (v0.22). */
import { quote } from '../text/printable.ts';

const WINDOWS_NAME = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
/** ASCII of file names: shell specials and what Windows or macOS refuse are left out. Beyond ASCII, letters. */
const FILE_CHARACTER = /^[\w!#$%&()+,.=@[\]^{}~ \p{L}-]$/u;
const MODULE_PATH = /^[\w.~-]+(?:\/[\w.~-]+)*$/;
const FIRST_ELEMENT = /^[\da-z.][\da-z.-]*$/;
const VERSION =
  /^v(?<major>0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?(?<build>\+incompatible)?$/;

/** What go has against a path inside a module; undefined where it takes it. */
export function fileNameProblem(path: string): string | undefined {
  if (path.includes('//')) return 'a double slash';
  for (const element of path.split('/')) {
    if (element === '') return 'an empty path element';
    const problem = elementProblem(element);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function elementProblem(element: string): string | undefined {
  if (/^\.+$/.test(element)) return `the path element ${quote(element)}`;
  if (element.endsWith('.')) return 'a path element that ends in a dot';
  for (const character of element)
    if (!FILE_CHARACTER.test(character)) return `the character ${quote(character)}`;
  const [short = ''] = element.split('.', 1);
  return WINDOWS_NAME.test(short) ? `the device name ${quote(short)}` : undefined;
}

/** What go has against a module path with its version; undefined where it takes both. */
export function moduleProblem(path: string, version: string): string | undefined {
  const [first = ''] = path.split('/', 1);
  if (!MODULE_PATH.test(path) || !first.includes('.') || !FIRST_ELEMENT.test(first))
    return `${quote(path)} is not a module path`;
  for (const element of path.split('/')) {
    const [short = ''] = element.split('.', 1);
    if (element.startsWith('.') || element.endsWith('.') || WINDOWS_NAME.test(short))
      return `${quote(path)} is not a module path`;
    if (/~\d+$/.test(short)) return `${quote(path)} has an element like a short name of Windows`;
  }
  const { major, build } = VERSION.exec(version)?.groups ?? {};
  if (major === undefined) return `${quote(version)} is not a canonical version`;
  return fitsMajor(path, Number(major), build !== undefined)
    ? undefined
    : `version ${quote(version)} does not fit ${quote(path)}`;
}

/** Whether the version is of the major that the path ends in (SplitPathVersion, CheckPathMajor). */
function fitsMajor(path: string, major: number, incompatible: boolean): boolean {
  if (path.startsWith('gopkg.in/')) {
    const named = /\.v(0|[1-9]\d*)(?:-unstable)?$/.exec(path)?.[1];
    // A pseudo-version v0.0.0 of a `.v1` was made by mistake once, and is taken.
    return named !== undefined && (major === Number(named) || (named === '1' && major === 0));
  }
  const suffix = /\/v([\d.]+)$/.exec(path)?.[1];
  if (suffix === undefined) return major < 2 || incompatible;
  return /^[1-9]\d*$/.test(suffix) && suffix !== '1' && major === Number(suffix);
}
