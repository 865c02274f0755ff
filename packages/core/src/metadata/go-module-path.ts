/* The names that go accepts: golang.org/x/mod/module, CheckPath and CheckFilePath (v0.22). */
import { quote } from '../text/printable.ts';

const WINDOWS_NAME = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
/** A character of a file name: a letter, or ASCII without shell specials and without characters that Windows or macOS refuse. */
const FILE_CHARACTER = /^[\w!#$%&()+,.=@[\]^{}~ \p{L}-]$/u;
const MODULE_PATH = /^[\w.~-]+(?:\/[\w.~-]+)*$/;
const FIRST_ELEMENT = /^[\da-z.][\da-z.-]*$/;
const VERSION =
  /^v(?<major>0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?(?<build>\+incompatible)?$/;

/** The reason why go refuses a path inside a module. Undefined if it accepts it. */
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

/** The reason why go refuses a module path or its version. Undefined if it accepts both. */
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

/** Whether the major version at the end of the path fits the version (SplitPathVersion, CheckPathMajor). */
function fitsMajor(path: string, major: number, incompatible: boolean): boolean {
  if (path.startsWith('gopkg.in/')) {
    const named = /\.v(0|[1-9]\d*)(?:-unstable)?$/.exec(path)?.[1];
    // go once made pseudo-versions v0.0.0 for `.v1` by mistake, and still accepts them.
    return named !== undefined && (major === Number(named) || (named === '1' && major === 0));
  }
  const suffix = /\/v([\d.]+)$/.exec(path)?.[1];
  if (suffix === undefined) return major < 2 || incompatible;
  return /^[1-9]\d*$/.test(suffix) && suffix !== '1' && major === Number(suffix);
}
