/*
 * Parses the file of people: a YAML list of names with a role. A person with a token has its SHA-256 there, never the token itself. An
 * entry without `sha256` gives a role to a person whom an authenticating proxy names.
 */
import { LineCounter, parseDocument } from 'yaml';
import { ROLES, type Person, type Role } from '../approvals/service.ts';

/** The most bytes of the file, and the most people in it. */
export const FILE_BYTES_MAX: number = 1024 * 1024;
const PEOPLE_MAX = 10_000;
/** The most characters of a name. */
const NAME_CHARS_MAX = 200;
const SHA256_HEX = /^[0-9a-f]{64}$/;
/** A name, or a scope or another beginning of names: `@acme/*`. */
const PATTERN = /^[^\s*]{0,214}\*?$/;
const KEYS: ReadonlySet<string> = new Set(['name', 'role', 'sha256', 'private']);

export interface ListedPerson extends Person {
  /** SHA-256 of the token, in lower-case hex. Absent: a proxy names the person. */
  readonly sha256?: string;
}

export class PeopleFileError extends Error {
  override readonly name = 'PeopleFileError';
}

/** @throws PeopleFileError with all problems of the file, each with its entry. */
export function parsePeople(text: string): readonly ListedPerson[] {
  const lines = new LineCounter();
  // A pretty error would repeat a line of the file, which may contain a token by mistake.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined)
    throw new PeopleFileError(`line ${lines.linePos(syntax.pos[0]).line}: ${syntax.code}`);
  let entries: unknown;
  try {
    entries = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new PeopleFileError('aliases (*name) are not allowed', { cause });
  }
  if (!Array.isArray(entries)) throw new PeopleFileError('expected a list of people');
  if (entries.length > PEOPLE_MAX) throw new PeopleFileError(`more than ${PEOPLE_MAX} people`);
  const problems: string[] = [];
  const people = entries.flatMap((entry: unknown, at) => {
    const found = problemsOf(entry);
    problems.push(...found.map((problem) => `entry ${at + 1}: ${problem}`));
    return found.length === 0 ? [listed(entry as Entry)] : [];
  });
  problems.push(...repeated(people));
  if (problems.length > 0) throw new PeopleFileError(problems.slice(0, 20).join('; '));
  return people;
}

interface Entry {
  readonly name: string;
  readonly role: Role;
  readonly sha256?: string;
  readonly private?: readonly string[];
}

function problemsOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return ['expected a name and a role'];
  const { name, role, sha256, private: patterns } = entry as Record<string, unknown>;
  const unknown = Object.keys(entry).filter((key) => !KEYS.has(key));
  return [
    ...unknown.map((key) => `unknown key ${JSON.stringify(key)}`),
    ...(isPersonName(name)
      ? []
      : [
          '"name" must have 1 to 200 characters, none of them invisible, and must not begin with "registry:"',
        ]),
    ...(isRole(role) ? [] : ['"role" must be reader, requester or approver']),
    ...(sha256 === undefined || (typeof sha256 === 'string' && SHA256_HEX.test(sha256))
      ? []
      : ['"sha256" must be the SHA-256 of the token, 64 hex digits in lower case']),
    ...(patterns === undefined || arePatterns(patterns)
      ? []
      : ['"private" must be a list of names or of beginnings with a star, such as "@acme/*"']),
  ];
}

function listed({ name, role, sha256, private: patterns = [] }: Entry): ListedPerson {
  return { name, role, private: patterns, ...(sha256 !== undefined && { sha256 }) };
}

/** Two people with one token could not be told apart. A person may have several tokens. */
function repeated(people: readonly ListedPerson[]): string[] {
  const owners = new Map<string, string>();
  return people.flatMap(({ name, sha256 }) => {
    if (sha256 === undefined) return [];
    const owner = owners.get(sha256);
    owners.set(sha256, name);
    return owner === undefined ? [] : [`"${name}" has the same token as "${owner}"`];
  });
}

/** Whether a name can be shown and recorded. Names of the registry's users begin with `registry:`, and nobody else may have one. */
export function isPersonName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.trim() === name &&
    name.length > 0 &&
    name.length <= NAME_CHARS_MAX &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name) &&
    !/^registry:/i.test(name)
  );
}

export function isRole(value: unknown): value is Role {
  return ROLES.includes(value as Role);
}

function arePatterns(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((pattern) => typeof pattern === 'string' && pattern !== '' && PATTERN.test(pattern))
  );
}

/** The person with the highest of several roles, and with the private packages of all of them. */
export function joined(people: readonly Person[]): Person | undefined {
  const [first] = people;
  if (first === undefined) return undefined;
  const role = ROLES.findLast((each) => people.some((person) => person.role === each))!;
  return {
    name: first.name,
    role,
    private: [...new Set(people.flatMap((person) => person.private))],
  };
}
