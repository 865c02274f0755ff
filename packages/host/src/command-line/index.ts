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
} from './definition.ts';
export { guardOutput, rememberRejection, tell, write } from './output.ts';
export { startProgram } from './run-program.ts';
export { UsageError } from './usage-error.ts';
