/* The program of a thread that inspects the archives of an audit. */
import { serveEveryFormat } from '@tarwarden/guard/inspect-file';

serveEveryFormat();
