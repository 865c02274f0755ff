/* The program of a thread that inspects archives of every format. */
import { serveEveryFormat } from '@tarwarden/host/inspect-file';

serveEveryFormat();
