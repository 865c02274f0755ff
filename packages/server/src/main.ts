import { startProgram } from '@tarwarden/guard/command-line';
import { TARWARDEN_SERVER } from './commands/commands.ts';

startProgram(TARWARDEN_SERVER, import.meta.url);
