/* Settings of pip: PIP_… in the environment, then its files. Those of a virtual environment, which may lie in the project, do not count. */
import { join } from 'node:path';
import { readSettingsText } from '../../settings/files.ts';
import type { Variables } from '../../settings/settings.ts';
import { homeOf } from '../../settings/home.ts';

export const PYPI = 'https://pypi.org/simple/';

export interface PipConfig {
  /** Those of the user, in the order in which they are asked. */
  readonly index: string;
  readonly extra: readonly string[];
  readonly noIndex: boolean;
  readonly proxy: string | undefined;
  readonly cert: string | undefined;
}

/** @throws TarwardenError where a file is there and cannot be read. */
export function pipConfig(env: Variables): PipConfig {
  const files = filesOf(env).map((path) => parsePipConfig(readSettingsText(path, OWN) ?? ''));
  const get = (name: string): string | undefined => {
    const variable = env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`];
    if (variable !== undefined && variable !== '') return variable;
    return files.findLast((one) => one.has(name))?.get(name);
  };
  const isOn = (text: string | undefined): boolean => /^(?:1|true|yes|on)$/i.test(text ?? '');
  return {
    index: get('index-url') ?? PYPI,
    extra: words(get('extra-index-url')),
    noIndex: isOn(get('no-index')),
    proxy: get('proxy'),
    cert: get('cert') ?? env['REQUESTS_CA_BUNDLE'] ?? env['CURL_CA_BUNDLE'],
  };
}

const OWN = { follow: true };

/** From the weakest on. */
function filesOf(env: Variables): string[] {
  const home = homeOf(env);
  const named = env['PIP_CONFIG_FILE'];
  // pip reads no file at all then.
  if (named === '/dev/null' || named === 'nul') return [];
  const usual =
    process.platform === 'win32'
      ? [join(home, 'pip', 'pip.ini'), join(env['APPDATA'] ?? home, 'pip', 'pip.ini')]
      : [
          '/etc/pip.conf',
          '/etc/xdg/pip/pip.conf',
          join(home, '.pip', 'pip.conf'),
          join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'pip', 'pip.conf'),
        ];
  return named === undefined || named === '' ? usual : [...usual, named];
}

/** Settings of `[global]` and `[install]`, of which the latter count more, as Python's configparser reads them. */
export function parsePipConfig(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line) || line.trim() === '') continue;
    const name = /^\[([^\]]+)\]/.exec(line)?.[1];
    const end = /^\s/.test(line) ? -1 : line.search(/[:=]/);
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      section.set(last, `${section.get(last) ?? ''}\n${line.trim()}`);
    } else if (end > 0) {
      last = line.slice(0, end).trim().toLowerCase().replaceAll('_', '-');
      section.set(last, line.slice(end + 1).trim());
    }
  }
  return new Map([...(sections.get('global') ?? []), ...(sections.get('install') ?? [])]);
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((one) => one !== '');
}
