/** Reads and writes NODE_OPTIONS: spaces separate options, double quotes enclose spaces, and a backslash escapes inside quotes. */

/** The option that preloads `file`, with quotes if it needs them. */
export function requireOption(file: string): string {
  const quoted = /[\s"]/.test(file) ? `"${file.replaceAll(/[\\"]/g, '\\$&')}"` : file;
  return `--require ${quoted}`;
}

/** `options` with the files preloaded first, in this order; unchanged if they are first already. */
export function withPreload(options: string | undefined, ...files: readonly string[]): string {
  let given = options?.trim() ?? '';
  for (const own of files.map(requireOption).toReversed()) {
    if (given === own || given.startsWith(`${own} `)) continue;
    // If one guard runs inside another, the file may be there but not first. Move it.
    const rest = ` ${given} `.replaceAll(` ${own} `, ' ').trim();
    given = rest === '' ? own : `${own} ${rest}`;
  }
  return given;
}

/** Variables that preload a guard into each Node program below them. Values are unquoted: quote them for a shell. */
export interface PreloadEnvironment {
  readonly NODE_OPTIONS: string;
  /** Only if the user has set it: npm uses it instead of NODE_OPTIONS for the programs that it starts. */
  readonly npm_config_node_options?: string;
}

/** The variables keep the user's own values, after the guard's. */
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
