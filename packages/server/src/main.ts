import { startProgram } from '@tarwarden/host/command-line';
import { TARWARDEN_SERVER } from './commands/commands.ts';

startProgram(TARWARDEN_SERVER, import.meta.url);
