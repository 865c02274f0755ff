/*
 * Says who sends a request, by the first of these that the request has: the headers of an authenticating proxy, a bearer token, the cookie
 * of the sign-in page. The others then do not count, even if the first one names nobody.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fileState } from '@tarwarden/host';
import type { Person, Role } from '../approvals/service.ts';
import { cookieIn } from './cookies.ts';
import {
  FILE_BYTES_MAX,
  isPersonName,
  joined,
  parsePeople,
  PeopleFileError,
  type ListedPerson,
} from './people-file.ts';

export interface People {
  identify(request: IncomingMessage): Promise<Person | undefined>;
}

/** A role, or a role with the private packages that its people may see. */
export type GroupRole =
  | Role
  | { readonly role: Role; readonly private?: readonly string[] | undefined };

export interface PeopleOptions {
  /** The file of people. */
  readonly tokens?: string | undefined;
  /** The names of the headers in which an authenticating proxy names a user, and their groups. */
  readonly headers?: { readonly user: string; readonly groups?: string | undefined } | undefined;
  /** The role of each group of the proxy. Other groups give no role. */
  readonly groups?: Readonly<Record<string, GroupRole>> | undefined;
  /** Says whether a connection comes from a proxy whose headers count. Absent: from none. */
  readonly trusts?: ((socket: Pick<Socket, 'remoteAddress'>) => boolean) | undefined;
  /** Whether browsers use https, so that cookies have the names that only https can set. */
  readonly isSecure: boolean;
  /** Called with each problem of a changed file, which keeps the people of before. */
  readonly onWarning: (text: string) => void;
}

/** Milliseconds between two checks of the file. */
const LOOK_EVERY = 1_000;
/** The most characters of a token. */
const TOKEN_CHARS_MAX = 500;
/** The most groups of a user that are read. */
const GROUPS_MAX = 1_000;

/** The people of the file. */
interface Listed {
  readonly withToken: readonly { readonly digest: Buffer; readonly person: Person }[];
  /** By name, which an authenticating proxy gives. */
  readonly withoutToken: ReadonlyMap<string, readonly Person[]>;
}

const NOBODY: Listed = { withToken: [], withoutToken: new Map() };

export class KnownPeople implements People {
  readonly isSecure: boolean;
  readonly #options: PeopleOptions;
  readonly #userHeader: string | undefined;
  readonly #groups: ReadonlyMap<string, Omit<Person, 'name'>>;
  #listed: Listed;
  #file: string;
  #lookedAt = performance.now();

  /**
   * Reads the file.
   * @throws PeopleFileError if it is invalid, and the error of the system if it cannot be read.
   */
  constructor(options: PeopleOptions) {
    const { tokens, groups = {} } = options;
    this.#options = options;
    this.isSecure = options.isSecure;
    this.#userHeader = options.headers?.user.toLowerCase();
    this.#groups = new Map(
      Object.entries(groups).map(([group, given]) => [
        group,
        typeof given === 'string'
          ? { role: given, private: [] }
          : { role: given.role, private: given.private ?? [] },
      ]),
    );
    this.#file = tokens === undefined ? '' : fileState(tokens);
    this.#listed = tokens === undefined ? NOBODY : readPeople(tokens);
  }

  async identify(request: IncomingMessage): Promise<Person | undefined> {
    if (this.isFromProxy(request)) return this.#personOfProxy(request);
    const bearer = bearerIn(request.headers.authorization);
    return this.personWith(bearer ?? cookieIn(request, 'token', this.isSecure));
  }

  /** Whether an authenticating proxy names the user, so that nobody needs to sign in. */
  isFromProxy({ headers, socket }: IncomingMessage): boolean {
    const header = this.#userHeader;
    if (header === undefined || (headers[header] ?? '') === '') return false;
    return this.#options.trusts?.(socket) === true;
  }

  /** The person to whom a token was given. */
  personWith(token: string | undefined): Person | undefined {
    if (token === undefined || token.length > TOKEN_CHARS_MAX) return undefined;
    const given = createHash('sha256').update(token).digest();
    // All entries are compared, so that the time reveals nothing about the place in the file.
    return this.#current().withToken.filter(({ digest }) => timingSafeEqual(digest, given))[0]
      ?.person;
  }

  #personOfProxy(request: IncomingMessage): Person | undefined {
    const name = headerIn(request, this.#userHeader!);
    if (!isPersonName(name)) return undefined;
    const header = this.#options.headers?.groups?.toLowerCase();
    const groups = header === undefined ? undefined : headerIn(request, header);
    const fromGroups = (groups ?? '')
      .split(',', GROUPS_MAX)
      .flatMap((group) => this.#groups.get(group.trim()) ?? []);
    const fromFile = this.#current().withoutToken.get(name) ?? [];
    return joined([...fromFile, ...fromGroups].map((given) => ({ ...given, name })));
  }

  /** While a changed file is invalid or unreadable, the people of before count. */
  #current(): Listed {
    const { tokens, onWarning } = this.#options;
    const now = performance.now();
    if (tokens === undefined || now - this.#lookedAt < LOOK_EVERY) return this.#listed;
    this.#lookedAt = now;
    const file = fileState(tokens);
    if (file === this.#file) return this.#listed;
    this.#file = file;
    try {
      this.#listed = readPeople(tokens);
    } catch (error) {
      onWarning(
        `the changed file of people cannot be used, so that the people of before still count: ${(error as Error).message}`,
      );
    }
    return this.#listed;
  }
}

function readPeople(path: string): Listed {
  const file = statSync(path);
  // Reading a pipe would stop the server until somebody writes to it.
  if (!file.isFile()) throw new PeopleFileError('it is not a file');
  if (file.size > FILE_BYTES_MAX) throw new PeopleFileError(`more than ${FILE_BYTES_MAX} bytes`);
  const people = parsePeople(readFileSync(path, 'utf8'));
  const withoutToken = new Map<string, ListedPerson[]>();
  for (const person of people)
    if (person.sha256 === undefined)
      withoutToken.set(person.name, [...(withoutToken.get(person.name) ?? []), person]);
  const withToken = people.flatMap(({ sha256, ...person }) =>
    sha256 === undefined ? [] : [{ digest: Buffer.from(sha256, 'hex'), person }],
  );
  return { withToken, withoutToken };
}

function bearerIn(authorization = ''): string | undefined {
  return /^bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
}

/** A header that is there once. A second one may come from the client, because a proxy has added its own to it. */
function headerIn({ headersDistinct }: IncomingMessage, name: string): string | undefined {
  const values = headersDistinct[name];
  if (values?.length !== 1) return undefined;
  // Node reads each byte as a character.
  const bytes = Buffer.from(values[0]!, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? undefined : text;
}
