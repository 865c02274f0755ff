/* What a thread of an audit is started with. */
import { serveEveryFormat } from '@tarwarden/host/inspect-file';

serveEveryFormat();
