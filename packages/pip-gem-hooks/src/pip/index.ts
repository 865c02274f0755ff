/** Runs the real pip with its guard, which is the Python file `guard/sitecustomize.py`. */
export { isLeadingPipOption } from './command-line.ts';
export { pipGuardEnvironment, runPip, type PipOptions, type PipTool } from './wrapper.ts';
