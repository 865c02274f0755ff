/*
 * The commands that GitHub's runner (`ActionCommand.cs`) and Azure's agent (`Command.cs`) find in the lines of a log. The runner looks
 * for `::name` at the start of a line, and for `##[name]` anywhere. The agent looks for `##vso[name]` anywhere, by a comparison that skips
 * characters without a width.
 */
export interface LogCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** @param text A log, or its lines. */
export function logCommands(text: string | readonly string[]): LogCommand[] {
  const log = typeof text === 'string' ? text : text.join('\n');
  return log
    .split(/\r\n|\r|\n/)
    .flatMap((line) => githubCommand(line) ?? bracketCommand(line) ?? []);
}

function githubCommand(line: string): LogCommand | undefined {
  const [, command, properties = '', data = ''] =
    /^\s*::([\w-]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  if (command === undefined) return undefined;
  return { command, properties: pairs(properties, ','), data: unescaped(data) };
}

function bracketCommand(line: string): LogCommand | undefined {
  const seen = line.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  const [, command, properties = '', data = ''] =
    /##(?:vso)?\[([\w.-]+)(?: ([^\]]*))?\](.*)$/s.exec(seen) ?? [];
  if (command === undefined) return undefined;
  return { command, properties: pairs(properties, ';'), data: unescaped(data) };
}

function pairs(text: string, separator: string): Record<string, string> {
  const all = text.split(separator).filter((part) => part.includes('='));
  return Object.fromEntries(
    all.map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), unescaped(part.slice(at + 1))];
    }),
  );
}

function unescaped(text: string): string {
  const decoded = text.replaceAll(/%(0A|0D|2C|3A|3B|5D)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return decoded.replaceAll(/%(?:AZP)?25/g, '%');
}
