// Renders the GitHub-flavoured Markdown on standard input as HTML, as it stands: nothing is sanitized.
import { readFileSync } from 'node:fs';
import { marked } from 'marked';

process.stdout.write(marked.parse(readFileSync(0, 'utf8'), { gfm: true }));
