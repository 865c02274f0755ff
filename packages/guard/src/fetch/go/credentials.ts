/* Credentials for module proxies over https, from the sources that GOAUTH names (`go help goauth`, go 1.24): netrc, git, commands. */
import { ChildPrograms } from './children.ts';
import { delimiter, isAbsolute, join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { basicAuthorization } from '../url-user.ts';
import { isProgram, pathVariable } from '../../run/programs.ts';

/** One source of credentials. */
export type GoAuthMethod =
  | { readonly kind: 'netrc' }
  | { readonly kind: 'git'; readonly folder: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

/** A GOAUTH that go rejects too, as soon as it fetches by https. */
export class GoAuthError extends Error {
  readonly code = 'GOAUTH_INVALID';
}

/** The user's settings for credentials. */
export interface GoAuthentication {
  /**
   * The methods of GOAUTH, in its order.
   * @throws GoAuthError
   */
  methods(): readonly GoAuthMethod[];
  /** The entries of the user's netrc. The first one for a host counts. */
  netrc(): readonly {
    readonly machine: string;
    readonly login: string;
    readonly password: string;
  }[];
}

/** Endings of programs that can be started without a shell. */
const ENDINGS: readonly string[] = process.platform === 'win32' ? ['.exe', '.com', ''] : [''];

/**
 * Returns a name with a folder in it unchanged, and the absolute path of any other program.
 * @throws GoAuthError if the first program of that name is in a relative folder, Error if no folder has one.
 */
function helperProgram(name: string, env: NodeJS.ProcessEnv): string {
  if (/\//.test(name) || (process.platform === 'win32' && /[\\:]/.test(name))) return name;
  for (const folder of pathVariable(env).split(delimiter)) {
    const file = ENDINGS.map((ending) => join(folder, name + ending)).find(isProgram);
    if (file === undefined) continue;
    if (isAbsolute(folder)) return file;
    throw new GoAuthError(
      `${quote(name)} of GOAUTH was found in the current folder; take ${quote(folder)} out of the PATH, or name the whole path of the program`,
    );
  }
  throw new Error(`${name} is not on the PATH`);
}

export type CredentialHeaders = Readonly<Record<string, string>>;

/** An answer that requires credentials. A command of GOAUTH gets it as input. */
export interface CredentialChallenge {
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Milliseconds for one command, which may ask a person. */
const COMMAND_MS = 300_000;
/** Bytes that a command may print. */
const MAX_OUTPUT = 1024 * 1024;
/** Parts of the path of a URL. Each may have credentials of its own. */
const MAX_PARTS = 64;

export class Credentials {
  readonly #authentication: GoAuthentication;
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: ChildPrograms;
  /** By URL prefix without `https://`. */
  readonly #headersByPrefix = new Map<string, CredentialHeaders>();
  #methods: readonly GoAuthMethod[] | undefined;
  #started: Promise<void> | undefined;
  /** The output of git for a URL, until the proxy has accepted or rejected those credentials. */
  readonly #filled = new Map<string, { readonly folder: string; readonly output: string }>();

  constructor(
    authentication: GoAuthentication,
    env: NodeJS.ProcessEnv,
    children: ChildPrograms = new ChildPrograms(),
  ) {
    this.#children = children;
    this.#authentication = authentication;
    this.#env = env;
  }

  /**
   * The known headers for a request by https.
   * @throws GoAuthError
   */
  async for(url: URL): Promise<CredentialHeaders> {
    if (url.protocol !== 'https:') return {};
    await (this.#started ??= this.#run());
    return this.#lookUp(url);
  }

  /** Headers after an answer 4xx. Each command of GOAUTH runs once more, with the URL. */
  async after(challenge: CredentialChallenge): Promise<CredentialHeaders> {
    const url = new URL(challenge.url);
    if (url.protocol !== 'https:') return {};
    await this.#run(challenge);
    return this.#lookUp(url);
  }

  /** Tells git whether its credentials for a URL were right, as go does. Otherwise git would ask a person each time. */
  async answered(url: string, status: number): Promise<void> {
    const filled = this.#filled.get(url);
    this.#filled.delete(url);
    const action = status === 200 ? 'approve' : status === 401 ? 'reject' : undefined;
    if (filled === undefined || action === undefined) return;
    const { folder: cwd, output: input } = filled;
    try {
      await this.#start('git', ['credential', action], {
        env: gitEnvironment(this.#env),
        cwd,
        input,
      });
    } catch {
      // We have the answer of the proxy even if git fails here.
    }
  }

  #lookUp({ host, pathname }: URL): CredentialHeaders {
    let prefix = `${host}${pathname}`;
    for (let part = 0; part < MAX_PARTS; part++) {
      const headers = this.#headersByPrefix.get(prefix) ?? this.#headersByPrefix.get(`${prefix}/`);
      if (headers !== undefined) return headers;
      const slash = prefix.lastIndexOf('/');
      if (slash < 0) return {};
      prefix = prefix.slice(0, slash);
    }
    return this.#headersByPrefix.get(host) ?? {};
  }

  /** Runs the first method last, so that it replaces the headers of the others. */
  async #run(challenge?: CredentialChallenge): Promise<void> {
    this.#methods ??= this.#authentication.methods();
    for (const method of this.#methods.toReversed()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- a later method replaces headers of an earlier one
        await this.#ask(method, challenge);
      } catch (error) {
        if (error instanceof GoAuthError) throw error;
        // go ignores a failed method too. We do not show the output of a command, which may contain a secret.
      }
    }
  }

  async #ask(method: GoAuthMethod, challenge: CredentialChallenge | undefined): Promise<void> {
    if (method.kind === 'netrc') {
      for (const { machine, login, password } of this.#authentication.netrc().toReversed())
        this.#headersByPrefix.set(machine, {
          authorization: basicAuthorization(`${login}:${password}`),
        });
    } else if (method.kind === 'git') {
      if (challenge !== undefined) await this.#askGit(method.folder, challenge.url);
    } else {
      const [name = '', ...words] = method.words;
      const args = challenge === undefined ? words : [...words, challenge.url];
      const output = await this.#start(name, args, { env: this.#env, input: stdin(challenge) });
      for (const [prefix, headers] of parseAuthOutput(output))
        this.#headersByPrefix.set(prefix, headers);
    }
  }

  async #start(
    name: string,
    args: readonly string[],
    options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string; readonly input: string },
  ): Promise<string> {
    const file = helperProgram(name, options.env);
    const limits = { timeout: COMMAND_MS, maxOutput: MAX_OUTPUT };
    const { code, stdout } = await this.#children.run(file, args, { ...options, ...limits });
    if (code !== 0) throw new Error(`${name} failed`);
    return stdout;
  }

  async #askGit(folder: string, url: string): Promise<void> {
    const output = await this.#start('git', ['credential', 'fill'], {
      env: gitEnvironment(this.#env),
      cwd: folder,
      input: `url=${url}\n`,
    });
    const fields = Object.fromEntries(
      output.split('\n').map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]),
    );
    const { protocol = '', host = '', path = '', username = '', password = '' } = fields;
    const prefix = `${protocol}://${host}${path === '' ? '' : `/${path}`}`;
    if (protocol !== 'https' || host === '' || !url.startsWith(prefix)) return;
    this.#headersByPrefix.set(prefix.slice('https://'.length), {
      authorization: basicAuthorization(`${username}:${password}`),
    });
    this.#filled.set(url, { folder, output });
  }
}

/** As in go, git asks no person unless the user has enabled it. */
function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    GIT_TERMINAL_PROMPT: env['GIT_TERMINAL_PROMPT'] || '0',
    GCM_INTERACTIVE: env['GCM_INTERACTIVE'] || 'never',
  };
}

/**
 * Parses the output of a command of GOAUTH: URLs, an empty line, headers, an empty line, and again.
 * @throws Error for anything else.
 */
export function parseAuthOutput(text: string): Map<string, CredentialHeaders> {
  const headersByPrefix = new Map<string, CredentialHeaders>();
  const lines = text.split('\n');
  let start = 0;
  const block = (): string[] => {
    const end = lines.indexOf('', start);
    // The output ends with a line feed, so the last element of `lines` is not the end of a block.
    if (end < 0 || end === lines.length - 1) throw new Error('an empty line is missing');
    const blockLines = lines.slice(start, end);
    start = end + 1;
    return blockLines;
  };
  while (start < lines.length - 1 || lines[start] !== '') {
    const urls = block();
    const headers = block().map((line): [string, string] => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+): (.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error('a header is invalid');
      return [name.toLowerCase(), value.trim()];
    });
    for (const url of urls)
      headersByPrefix.set(
        url.replace(/^https:\/\//, '').replace(/\/$/, ''),
        Object.fromEntries(headers),
      );
  }
  return headersByPrefix;
}

function stdin(challenge: CredentialChallenge | undefined): string {
  if (challenge === undefined) return '';
  const headers = Object.entries(challenge.headers).map(
    ([name, value]) => `${canonical(name)}: ${[value ?? ''].flat().join(', ')}\n`,
  );
  return `HTTP/1.1 ${challenge.status} ${challenge.reason}\n${headers.join('')}\n`;
}

/** Spells the name of a header as Go does. */
function canonical(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
