/* Credentials for module proxies over https, as GOAUTH names them (`go help goauth`, go 1.24): netrc, git, commands. */
import { goNetrc } from '@tarwarden/settings';
import { Children } from './children.ts';
import { GoAuthError, parseGoAuth, type AuthMethod } from './goauth.ts';
import { helperProgram } from './helper-program.ts';

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>;

/** The answer that needs credentials, for a command that asks. */
export interface Challenge {
  readonly url: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Milliseconds for one command; it may ask a person. */
const COMMAND_MS = 300_000;
/** Bytes that a command may print. */
const MAX_OUTPUT = 1024 * 1024;
/** Parts of a URL that may have credentials of their own. */
const MAX_PARTS = 64;

export class Credentials {
  readonly #goauth: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: Children;
  /** By URL prefix without `https://`. */
  readonly #known = new Map<string, Headers>();
  #methods: readonly AuthMethod[] | undefined;
  #started: Promise<void> | undefined;
  /** What git said for a URL that was refused, until it is known whether that was right. */
  readonly #filled = new Map<string, { readonly folder: string; readonly output: string }>();

  /** @param goauth The effective GOAUTH; empty for a go that does not know it, which reads ~/.netrc. */
  constructor(goauth: string, env: NodeJS.ProcessEnv, children: Children = new Children()) {
    this.#children = children;
    this.#goauth = goauth === '' ? 'netrc' : goauth;
    this.#env = env;
  }

  /**
   * Headers for a request; none where none are known. Only for https.
   * @throws GoAuthError
   */
  async for(url: URL): Promise<Headers> {
    if (url.protocol !== 'https:') return {};
    await (this.#started ??= this.#run());
    return this.#lookUp(url);
  }

  /** Headers after an answer 4xx: each command is asked once more, with the URL. */
  async after(challenge: Challenge): Promise<Headers> {
    const url = new URL(challenge.url);
    if (url.protocol !== 'https:') return {};
    await this.#run(challenge);
    return this.#lookUp(url);
  }

  /** Has git keep, or forget, what it said for a URL, as go does: else it would ask a person each time. */
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
      // The answer is there all the same.
    }
  }

  #lookUp({ host, pathname }: URL): Headers {
    let prefix = `${host}${pathname}`;
    for (let part = 0; part < MAX_PARTS; part++) {
      const found = this.#known.get(prefix) ?? this.#known.get(`${prefix}/`);
      if (found !== undefined) return found;
      const slash = prefix.lastIndexOf('/');
      if (slash < 0) return {};
      prefix = prefix.slice(0, slash);
    }
    return this.#known.get(host) ?? {};
  }

  /** The first of the list counts most, so it comes last. */
  async #run(challenge?: Challenge): Promise<void> {
    this.#methods ??= parseGoAuth(this.#goauth);
    for (const method of this.#methods.toReversed()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- a later one replaces what an earlier one said
        await this.#ask(method, challenge);
      } catch (error) {
        if (error instanceof GoAuthError) throw error;
        // go goes on without it as well. What a command says may hold a secret, and is not shown.
      }
    }
  }

  async #ask(method: AuthMethod, challenge: Challenge | undefined): Promise<void> {
    if (method.kind === 'netrc') {
      for (const { machine, login, password } of goNetrc({ env: this.#env }).toReversed())
        this.#known.set(machine, { authorization: basic(login, password) });
    } else if (method.kind === 'git') {
      if (challenge !== undefined) await this.#askGit(method.folder, challenge.url);
    } else {
      const [name = '', ...words] = method.words;
      const args = challenge === undefined ? words : [...words, challenge.url];
      const output = await this.#start(name, args, { env: this.#env, input: stdin(challenge) });
      for (const [prefix, headers] of parseAuthOutput(output)) this.#known.set(prefix, headers);
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
    const said = Object.fromEntries(
      output.split('\n').map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]),
    );
    const { protocol = '', host = '', path = '', username = '', password = '' } = said;
    const prefix = `${protocol}://${host}${path === '' ? '' : `/${path}`}`;
    if (protocol !== 'https' || host === '' || !url.startsWith(prefix)) return;
    this.#known.set(prefix.slice('https://'.length), { authorization: basic(username, password) });
    this.#filled.set(url, { folder, output });
  }
}

/** As go has it: git asks no person, unless that is wanted. */
function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    GIT_TERMINAL_PROMPT: env['GIT_TERMINAL_PROMPT'] || '0',
    GCM_INTERACTIVE: env['GCM_INTERACTIVE'] || 'never',
  };
}

export function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/**
 * What a command of GOAUTH prints: URLs, an empty line, headers, an empty line, and again.
 * @throws Error for anything else.
 */
export function parseAuthOutput(text: string): Map<string, Headers> {
  const found = new Map<string, Headers>();
  const lines = text.split('\n');
  let at = 0;
  const block = (): string[] => {
    const end = lines.indexOf('', at);
    // The last line ends with a line feed, so that a block is closed before the last part.
    if (end < 0 || end === lines.length - 1) throw new Error('an empty line is missing');
    const taken = lines.slice(at, end);
    at = end + 1;
    return taken;
  };
  while (at < lines.length - 1 || lines[at] !== '') {
    const urls = block();
    const headers = block().map((line): [string, string] => {
      const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+): (.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error('a header is invalid');
      return [name.toLowerCase(), value.trim()];
    });
    for (const url of urls)
      found.set(url.replace(/^https:\/\//, '').replace(/\/$/, ''), Object.fromEntries(headers));
  }
  return found;
}

function stdin(challenge: Challenge | undefined): string {
  if (challenge === undefined) return '';
  const headers = Object.entries(challenge.headers).map(
    ([name, value]) => `${canonical(name)}: ${[value ?? ''].flat().join(', ')}\n`,
  );
  return `HTTP/1.1 ${challenge.status} ${challenge.reason}\n${headers.join('')}\n`;
}

/** As Go spells names of headers. */
function canonical(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}
