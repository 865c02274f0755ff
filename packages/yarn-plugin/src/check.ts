import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Configuration, YarnVersion, type CommandContext } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import { Command, Option, type CommandClass, type Usage } from 'clipanion';
import { armed } from './arm.ts';
import type { Guards } from './guards.ts';

interface CheckFacts {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly version?: string | undefined;
  readonly yarn: string | null;
  readonly file?: string | undefined;
  readonly sha512?: string | undefined;
  readonly required: boolean;
  readonly strict?: boolean | undefined;
  readonly links?: string | undefined;
  readonly exceptions?: number | undefined;
  readonly policyFiles: readonly string[];
}

/** `yarn tarwarden check`: exit code 0 if the guard is in place, 1 if it is not. */
export function checkCommand(guards: Guards): CommandClass<CommandContext> {
  return class CheckCommand extends Command<CommandContext> {
    static override paths: string[][] = [['tarwarden', 'check']];

    static override usage: Usage = Command.Usage({
      category: 'Tarwarden commands',
      description: 'check that this project is guarded',
      details: `
        Reports whether the guard is armed, which file it is loaded from and its SHA-512, and which settings apply.
        Exits with 1 where something is wrong: another hash than the one given, or than the one that
        \`yarn plugin import\` noted; a policy that is not valid; no \`tarwardenRequired\` in the project's file.
      `,
      examples: [
        ['Check in CI', 'yarn tarwarden check --sha512 <the hash of the release>'],
        ['For programs', 'yarn tarwarden check --json'],
      ],
    });

    sha512: string | undefined = Option.String('--sha512', {
      description: 'SHA-512 that the plugin file must have, in hex',
    });
    json: boolean = Option.Boolean('--json', false, { description: 'Print one line of JSON' });

    override async execute(): Promise<number> {
      const configuration = await Configuration.find(this.context.cwd, this.context.plugins);
      const facts = await gather(guards, configuration, this.sha512);
      const { stdout } = this.context;
      stdout.write(this.json ? `${JSON.stringify(facts)}\n` : asText(facts));
      return facts.ok ? 0 : 1;
    }
  };
}

async function gather(
  guards: Guards,
  configuration: Configuration,
  wanted: string | undefined,
): Promise<CheckFacts> {
  const problems: string[] = [];
  const state = armed();
  if (state === undefined) problems.push('the guard is not armed');
  const sha512 =
    state === undefined
      ? undefined
      : createHash('sha512').update(readFileSync(state.file)).digest('hex');
  if (wanted !== undefined && wanted.toLowerCase() !== sha512) {
    problems.push('the plugin file has another SHA-512 than the one given');
  }
  const files = await Configuration.findRcFiles(configuration.startingCwd);
  const noted = state === undefined ? undefined : notedChecksum(files, state.file);
  if (noted !== undefined && noted !== sha512) {
    problems.push('the plugin file was changed since `yarn plugin import` noted its checksum');
  }
  const required = files.some(({ data }) => isTrue((data as Settings)?.tarwardenRequired));
  if (!required) {
    problems.push(
      'no .yarnrc.yml has `tarwardenRequired: true`, so nobody notices if the plugin goes',
    );
  }
  const policy = await guards.for(configuration).catch((error: Error) => {
    problems.push(error.message);
    return undefined;
  });
  return {
    ok: problems.length === 0,
    problems,
    version: state?.version,
    yarn: YarnVersion,
    file: state?.file,
    sha512,
    required,
    strict: policy?.strict,
    links: policy?.policy.links,
    exceptions: policy?.policy.exceptions.length,
    policyFiles: policy?.files ?? [],
  };
}

interface Settings {
  readonly tarwardenRequired?: unknown;
  readonly plugins?: unknown;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The checksum beside the plugin's path in an rc file. Yarn itself compares it only when it downloads a missing plugin. */
function notedChecksum(
  files: Awaited<ReturnType<typeof Configuration.findRcFiles>>,
  file: string,
): string | undefined {
  for (const { cwd, data } of files) {
    const plugins = (data as Settings)?.plugins;
    for (const plugin of Array.isArray(plugins) ? (plugins as unknown[]) : []) {
      const { path, checksum } = (plugin ?? {}) as { path?: unknown; checksum?: unknown };
      if (typeof path !== 'string' || typeof checksum !== 'string') continue;
      if (npath.resolve(npath.fromPortablePath(cwd), path) === file) return checksum;
    }
  }
  return undefined;
}

function asText(facts: CheckFacts): string {
  const lines = [
    facts.version === undefined ? 'tarwarden: not armed' : `tarwarden ${facts.version}: armed`,
    `  Yarn:       ${facts.yarn ?? 'unknown'}`,
    `  plugin:     ${facts.file ?? 'none'}`,
    `  sha512:     ${facts.sha512 ?? 'none'}`,
    `  required:   ${facts.required ? 'yes' : 'no'}`,
    `  strict:     ${facts.strict === undefined ? 'unknown' : facts.strict ? 'yes' : 'no'}`,
    `  links:      ${facts.links ?? 'unknown'}`,
    `  exceptions: ${facts.exceptions ?? 'unknown'}`,
    `  policy:     ${facts.policyFiles.join(', ') || 'the built-in one'}`,
    ...facts.problems.map((problem) => `problem: ${problem}`),
  ];
  return `${lines.join('\n')}\n`;
}
