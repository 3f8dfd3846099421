import { completionVerb, verbs } from './verbs.ts';

/**
 * What `amitable --help` prints. It is the first thing that people call, and the parser, which writes the help of each
 * verb, takes longer to lay out this much text than Node takes to start.
 */
export function rootHelp(columns = 80): string {
  const commands = [...verbs, completionVerb].map(({ usage, describe }) => [`amitable ${usage}`, describe] as const);
  const options = [
    ['--version', 'Show version number'],
    ['--help', 'Show help'],
  ] as const;
  return [
    'Plan episodes on a learned world model, from pixels.',
    'amitable <verb> [options]',
    ['Commands:', ...layOut(commands, columns)].join('\n'),
    ['Options:', ...layOut(options, columns)].join('\n'),
    [
      ...wrap('Results go to stdout, everything else to stderr.', columns),
      ...wrap('Exit code: 0 done, 1 the work failed, 2 a wrong call.', columns),
      "Each verb has more to say: 'amitable run --help'.",
    ].join('\n'),
  ].join('\n\n');
}

/** Two columns, the second wrapped. */
function layOut(rows: readonly (readonly [name: string, text: string])[], columns: number): string[] {
  const indent = 4 + Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) =>
    wrap(text, columns - indent).map(
      (line, i) => `${i === 0 ? `  ${name}`.padEnd(indent) : ' '.repeat(indent)}${line}`,
    ),
  );
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
