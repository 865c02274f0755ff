/**
 * The models of `explain` against the real pip, gem, Bundler and go: for each archive the same files with the same bytes and
 * modes, or an error. TARWARDEN_E2E_FULL=1 takes the whole attack sets and every clean archive; a slice otherwise.
 */
import { describe, expect, test } from 'vitest';
import { viewsOf } from '../../../packages/explain/src/readers/views-of.ts';
import { GO_MODULE } from '../../support/attacks/go-zip.ts';
import { CLIENTS, type Client, type ClientFormat } from './clients/clients.ts';
import { SAMPLES } from './clients/samples.ts';
import type { ClientSample, ClientSeen } from './clients/world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** One of each trick on which clients differ, by the format. */
const slice: Readonly<Record<ClientFormat, RegExp>> = {
  wheel: /^wheel-(?:sibling-folder|symlink|two-names|script-name|unicode-path|data)$/,
  sdist: /^(?:write-through|zip-behind|hardlink-mode|pax-size|second-folder|symlink-inside)$/,
  gem: /^gem-(?:hardlink|setuid|pax-size|extended-header-deletes|write-through-link|inner-link)$/,
  gomod: /^(?:symlink|two names|traversal|absolute|other method|names that begin with dots)$/,
};

/** Clients that the slice leaves to the full run: their siblings stand for them. */
const siblings = new Set(['pip-22', 'gem-3.5']);

/**
 * What is beyond unpacking: RubyGems refuses what these gemspecs say, goes by a full name in one, and builds an extension that
 * is none. And pip takes no file from a folder whose name has no ending.
 */
const beyond =
  /^(?:gemspec-(?:full-name|name-path|version-path|extension|class|symbol|bomb|number)|gem-executables|no-name)$/;

/** The same of one client. */
const beyondOf: Readonly<Record<string, RegExp>> = {
  // Python 3.7 reads no RECORD with a NUL in it: pip fails when all is unpacked.
  'pip-22': /^wheel-nul$/,
  // Bundler looks for the name that its Gemfile has, and for what a gem depends on.
  'bundle-2.6':
    /^(?:gem-plain-metadata|gem-platform|gem-syck|gemspec-(?:other-name|platform-code|merge))$/,
};

function isBeyond(client: Client, name: string): boolean {
  return beyond.test(name) || beyondOf[client.name]?.test(name) === true;
}

interface Compared {
  readonly real: string[];
  readonly model: string[];
}

async function compare(
  client: Client,
  format: ClientFormat,
  sample: ClientSample,
): Promise<Compared | undefined> {
  const views = viewsOf(format, { ...sample, expected: GO_MODULE }) ?? [];
  const view = views.find(({ viewer }) => viewer === client.viewer);
  if (view === undefined || view.outcome === 'unknown') return undefined;
  const commands = new Set(view.files.flatMap((one) => (one.kind === 'command' ? [one.path] : [])));
  const seen = await client.install(format, sample);
  const model = view.files.flatMap((one) => {
    if (one.path.endsWith('.dist-info/RECORD')) return [];
    if (one.kind === 'command') return [one.path];
    if (one.kind === 'link') return [`${one.path} -> ${one.target}`];
    return [`${one.path} ${one.mode.toString(8)} ${one.sha256}`];
  });
  return {
    real: seen.outcome === 'error' ? ['error'] : realLines(seen, commands),
    model: view.outcome === 'error' ? ['error'] : model.toSorted(),
  };
}

function realLines({ files }: ClientSeen, commands: ReadonlySet<string>): string[] {
  return [...files]
    .map(([path, one]) => {
      if (commands.has(path)) return path;
      if (one.kind === 'link') return `${path} -> ${one.target}`;
      return one.kind === 'file'
        ? `${path} ${one.mode.toString(8)} ${one.sha256}`
        : `${path} other`;
    })
    .toSorted();
}

const cases = CLIENTS.flatMap((client) =>
  client.formats.map((format) => ({ client, format, name: `${client.name}, ${format}` })),
);

describe.each(cases)('$name', ({ client, format }) => {
  const { attacks, clean } = SAMPLES[format];
  const chosen = [...attacks, ...clean].filter(
    ({ name }) => !isBeyond(client, name) && (full || slice[format].test(name)),
  );
  const runs = client.command !== undefined && (full || !siblings.has(client.name));

  test.skipIf(!runs)(
    'unpacks what the model says',
    { timeout: full ? 1_200_000 : 120_000 },
    async () => {
      const real: Record<string, string[]> = {};
      const model: Record<string, string[]> = {};
      for (const sample of chosen) {
        const compared = await compare(client, format, sample);
        if (compared === undefined) continue;
        real[sample.name] = compared.real;
        model[sample.name] = compared.model;
      }
      expect(Object.keys(real).length).toBeGreaterThan(5);
      expect(real).toEqual(model);
    },
  );
});
