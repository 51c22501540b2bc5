import { AppError, ConfigError, loadConfig } from '@souk/service';
import { runAudit } from './app';
import { readCommandLine, USAGE } from './command-line';
import { configSchema } from './config';

const EXIT = { sound: 0, broken: 1, notAudited: 2 };

async function main(): Promise<number> {
  const { isJson, isHelp } = readCommandLine(process.argv.slice(2));
  if (isHelp) {
    console.log(USAGE);
    return EXIT.sound;
  }
  const config = loadConfig(configSchema, process.env);
  const output = { print: (text: string) => console.log(text), printProgress: (text: string) => console.error(text) };
  return (await runAudit(config, output, { isJson })) ? EXIT.sound : EXIT.broken;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error('auditor:', reasonOf(error));
    process.exitCode = EXIT.notAudited;
  },
);

/** An error that isn't a bug is reported without its stack, but with the driver's message. */
function reasonOf(error: unknown): unknown {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof AppError)) return error instanceof TypeError ? error.message : error;
  const { cause } = error.options;
  return cause instanceof Error ? `${error.message} (${cause.message || cause.name})` : error.message;
}
