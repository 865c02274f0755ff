import { PROGRAM_OPTIONS, type Completed, type CompletedOption } from './model.ts';

/** The script of PowerShell. PowerShell completes paths by itself if there is nothing else. */
export function powershell(commands: readonly Completed[]): string {
  const first = [...commands, ...PROGRAM_OPTIONS].map(({ name, summary }) => pair(name, summary));
  return `# Completion of tarwarden for PowerShell.
Register-ArgumentCompleter -Native -CommandName tarwarden -ScriptBlock {
  param($word, $ast, $cursor)
  $given = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text })
  $known = if ($given.Count -eq 0) {
    ${first.join('; ')}
  } else {
    $previous = $given[-1]
    switch ($given[0]) {
${commands.map(caseOf).join('\n')}
    }
  }
  $known | Where-Object { $_ -and $_.Name.StartsWith($word) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Name, $_.Name, 'ParameterValue', $_.Text)
  }
}
`;
}

function caseOf(command: Completed): string {
  const { name, options, words, isManager } = command;
  const branches = options.flatMap((option) => valuesOf(command, option));
  const argumentWords = [
    ...options.map((option) => pair(option.name, option.summary)),
    ...words.map((word) => pair(word, word)),
  ].join('; ');
  // From a manager's command on, its options are its own.
  branches.push(
    isManager ? `if ($given.Count -eq 1) { ${argumentWords} }` : `if ($true) { ${argumentWords} }`,
  );
  return `      ${quoted(name)} { ${branches.join(' else')} }`;
}

/** The words that may follow an option with a value. A manager may have an option of the same name. */
function valuesOf({ isManager }: Completed, option: CompletedOption): string[] {
  if (option.value === undefined) return [];
  const guard = isManager ? " -and $given[1].StartsWith('-')" : '';
  const choices = option.choices.map((choice) => pair(choice, choice)).join('; ');
  return [`if ($previous -eq ${quoted(option.name)}${guard}) { ${choices} }`];
}

function pair(name: string, text: string): string {
  return `[pscustomobject]@{ Name = ${quoted(name)}; Text = ${quoted(text)} }`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
