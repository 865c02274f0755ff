/* Options that mean the same for every command that has them. */
import {
  isPassedOn,
  type Described,
  type OptionDefinition,
  type OptionDefinitions,
} from './definition.ts';

/** The form of the results that each value of `--reporter` selects. */
const REPORTERS = {
  text: 'text for people',
  json: 'one JSON document',
  ndjson: 'one JSON object on each line',
  sarif: 'a SARIF log for code scanning',
} as const;

type ReporterName = keyof typeof REPORTERS;

/**
 * The options `--reporter` and `--json` of a command that prints data. The parser replaces `--json` by `--reporter json`, so that
 * a command asks for the reporter alone.
 * @param choices `text`, which is the default, `json`, and others that the command has.
 */
export function reporterOptions<const Names extends readonly ReporterName[]>(
  ...choices: Names
): {
  readonly reporter: {
    readonly value: 'reporter';
    readonly choices: Names;
    readonly default: 'text';
    readonly description: string;
  };
  readonly json: OptionDefinition;
} {
  const forms = choices.map((name) => REPORTERS[name]);
  const last = forms.pop() ?? '';
  return {
    reporter: {
      value: 'reporter',
      choices,
      default: 'text',
      description: `print the results as ${forms.join(', ')} or ${last}`,
    },
    json: { description: 'print JSON: short for --reporter json' },
  };
}

const QUIET = {
  quiet: {
    description:
      'print only refusals, errors and data that you ask for. The exit code stays the same',
  },
} as const satisfies OptionDefinitions;

const COLOUR = {
  color: { description: 'use colour, also if the output is not a terminal' },
  'no-color': { description: 'use no colour (default: use colour on a terminal)' },
} as const satisfies OptionDefinitions;

/** Options that the commands of a program have beside their own. A package manager gets all options but ours. */
export function commonOptions(definition: Described): OptionDefinitions {
  if (isPassedOn(definition)) return {};
  return definition.program === 'tarwarden-server' ? QUIET : { ...QUIET, ...COLOUR };
}

/** All options of a command, in the order in which its help lists them. */
export function optionsOf(definition: Described): OptionDefinitions {
  return { ...definition.options, ...commonOptions(definition) };
}
