/** Node's NODE_OPTIONS syntax: options apart by spaces, double quotes around spaces, backslash inside quotes. */

/** The option that preloads `file`, quoted where it must be. */
export function requireOption(file: string): string {
  const quoted = /[\s"]/.test(file) ? `"${file.replaceAll(/[\\"]/g, '\\$&')}"` : file;
  return `--require ${quoted}`;
}

/** `options` with the files preloaded before all else, in this order; unchanged where they already are. */
export function withPreload(options: string | undefined, ...files: readonly string[]): string {
  let given = options?.trim() ?? '';
  for (const own of files.map(requireOption).toReversed()) {
    if (given === own || given.startsWith(`${own} `)) continue;
    // Behind another one it is not first, as where one guard runs inside another.
    const rest = ` ${given} `.replaceAll(` ${own} `, ' ').trim();
    given = rest === '' ? own : `${own} ${rest}`;
  }
  return given;
}

/** Variables that preload a guard into each Node program below them. Values are unquoted: quote them for a shell. */
export interface PreloadEnvironment {
  readonly NODE_OPTIONS: string;
  /** Only where the user set it already: npm lets it replace NODE_OPTIONS for what it starts. */
  readonly npm_config_node_options?: string;
}

/** The user's own values are kept, behind the guard's. */
export function preloadEnvironment(
  env: NodeJS.ProcessEnv,
  ...files: readonly string[]
): PreloadEnvironment {
  const own = env['npm_config_node_options'];
  return {
    NODE_OPTIONS: withPreload(env['NODE_OPTIONS'], ...files),
    ...(own !== undefined && own !== '' && { npm_config_node_options: withPreload(own, ...files) }),
  };
}

/** The files that options preload before all else. */
export function preloadsOf(options: string | undefined): string[] {
  const files: string[] = [];
  let rest = options?.trim() ?? '';
  for (;;) {
    const [all, quoted, plain] = /^--require (?:"((?:[^"\\]|\\.)*)"|(\S+))(?: |$)/.exec(rest) ?? [];
    if (all === undefined) return files;
    files.push(quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
    rest = rest.slice(all.length).trimStart();
  }
}
