/** The command line of both programs. It parses and prints, and loads commander only for help and options. */
export {
  allCommands,
  type Call,
  type CommandLineProgram,
  type Described,
  type OptionDefinition,
  type OptionDefinitions,
  isPassedOn,
  type PassOn,
  type RunCommand,
  type Values,
  optionsOf,
  reporterOptions,
  UsageError,
} from './definition.ts';
export { helpCommand } from './help.ts';
export {
  guardOutput,
  isQuietRun,
  rememberRejection,
  showHeld,
  remark,
  tell,
  write,
  writeResult,
} from './output.ts';
export { startProgram } from './run-program.ts';
