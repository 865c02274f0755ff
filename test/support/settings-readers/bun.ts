import { join } from 'node:path';
import { bunLayers, clientContext, type SettingsLayer } from '@tarwarden/clients/settings';
import { ELSEWHERE, PACKAGES, type BunAnswer, type BunCase } from '../settings/bun.ts';

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
