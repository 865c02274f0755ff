/*
 * The one word with which a client prints its version, and neither installs anything nor runs or obeys anything of the project. Yarn, pnpm
 * and Bundler are left out: they print the version that the project chooses, after they have started it.
 */
const DASHES: readonly string[] = ['-v', '--version'];
const PIP: readonly string[] = ['-V', '--version'];
const GO: readonly string[] = ['version'];

export const VERSION_WORDS = {
  npm: DASHES,
  npx: DASHES,
  bun: DASHES,
  pip: PIP,
  pip3: PIP,
  gem: DASHES,
  // go.mod may choose another go. See `version-only.ts`.
  go: GO,
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A client that can print its version without its wrapper. */
export type VersionClient = keyof typeof VERSION_WORDS;

/** A client that is asked for its version, with the word that asks. */
export interface VersionQuestion {
  readonly client: VersionClient;
  readonly word: string;
}

/** Reads the arguments of tarwarden: a client with such a word and nothing else. A shim puts `--` before the word. */
export function versionQuestion([client = '', ...args]: readonly string[]):
  | VersionQuestion
  | undefined {
  const [word = '', ...more] = args[0] === '--' ? args.slice(1) : args;
  return more.length === 0 && isVersionClient(client) && VERSION_WORDS[client].includes(word)
    ? { client, word }
    : undefined;
}

function isVersionClient(name: string): name is VersionClient {
  return Object.hasOwn(VERSION_WORDS, name);
}

/**
 * With these variables, go can neither fetch nor unpack another go: if go.mod asks for one, go fails. It also starts no telemetry, which
 * would outlive it.
 */
export const GO_ALONE = { GOPROXY: 'off', GOMODCACHE: '/dev/null', GO_TELEMETRY_CHILD: '2' };
