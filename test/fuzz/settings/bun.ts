import { join, resolve } from 'node:path';
import { bunLayers, clientContext, type SettingsLayer } from '@tarwarden/settings';
import { available } from '../../support/managers.ts';
import {
  BunAsker,
  ELSEWHERE,
  PACKAGES,
  type BunAnswer,
  type BunCase,
} from '../../support/settings/bun.ts';
import { bunCase } from './bun-grammar.ts';
import type { SettingsSubject, WrittenCase } from './subject.ts';

const NPM = 'https://registry.npmjs.org/';

/** The answer of our reader, in the words of {@link BunAsker}. */
export function readBun({ folder, env, cwd = 'project' }: BunCase): BunAnswer {
  const all = { HOME: join(folder, 'home'), ...env };
  const project = join(folder, cwd);
  const layers = bunLayers(clientContext({ folder: project, env: all }));
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  const registry = textIn(layers, 'registry') ?? NPM;
  const registries = Object.keys(PACKAGES).map((name): [string, string] => {
    const own = name === 'registry' ? undefined : textIn(layers, `${name}:registry`);
    return [name, asked(own === undefined || own === '' ? registry : own)];
  });
  const own = asked(registry);
  return {
    ...Object.fromEntries(registries),
    authorization: own === ELSEWHERE ? '' : authorizationFor(own, layers),
    cache: cacheIn(layers, project, all),
  };
}

function textIn(layers: readonly SettingsLayer[], setting: string): string | undefined {
  const texts = layers.map(({ values }) => values.get(setting));
  return texts.find((value) => typeof value === 'string');
}

function asked(registry: string): string {
  if (!URL.canParse(registry)) return ELSEWHERE;
  const { protocol, href } = new URL(registry);
  return protocol === 'http:' ? decodeURIComponent(href.replace(/\/*$/, '/')) : ELSEWHERE;
}

/** Credentials of the nearest place above the registry's address. */
function authorizationFor(registry: string, layers: readonly SettingsLayer[]): string {
  const { host, pathname } = new URL(registry);
  for (let path = pathname; ; path = path.replace(/[^/]*\/$/, '')) {
    const text = (name: string): string | undefined =>
      textIn(layers, `//${host}${path}:${name}`) ??
      textIn(layers, `//${host}${path.slice(0, -1)}:${name}`);
    const token = text('_authToken');
    if (token) return `Bearer ${token}`;
    const [auth, username, password = ''] = [text('_auth'), text('username'), text('_password')];
    if (auth) return `Basic ${auth}`;
    if (username)
      return `Basic ${base64(`${username}:${Buffer.from(password, 'base64').toString()}`)}`;
    if (path === '/') return '';
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function cacheIn(
  layers: readonly SettingsLayer[],
  project: string,
  { HOME = '' }: { HOME?: string | undefined },
): string {
  const disabled = layers.map(({ values }) => values.get('cache-disabled'));
  if (disabled.find((value) => value !== undefined) === true)
    return join(project, 'node_modules/.cache');
  return resolve(
    (textIn(layers, 'cache') || join(HOME, '.bun/install/cache')).replaceAll('\\', '/'),
  );
}

/** bun takes no relative folder, and no case knows its own when it is made. */
function absolute({ env, ...written }: WrittenCase): WrittenCase {
  const xdg = env['XDG_CONFIG_HOME'];
  return xdg === '../xdg'
    ? { ...written, env: { ...env, XDG_CONFIG_HOME: join(written.folder, 'xdg') } }
    : { ...written, env };
}

/** bun 1.4. */
export const bunSubject: SettingsSubject = {
  client: 'bun',
  isAvailable: available('bun').ok,
  batch: 50,
  generate: bunCase,
  async ask(cases) {
    await using asker = new BunAsker();
    const waiting = cases.map((written, index) => ({ written: absolute(written), index }));
    const answers: BunAnswer[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        // oxlint-disable-next-line no-await-in-loop
        answers[next.index] = await asker.ask(next.written);
    };
    await Promise.all([work(), work()]);
    return answers;
  },
  read: (written) => readBun(absolute(written)),
  mayRefuse: true,
};
