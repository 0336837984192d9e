/** door prints what `work` answers, alone on standard output, or one sentence on standard error and exit code 1. */
export async function door(work: () => Promise<string> | string): Promise<void> {
  try {
    console.log(await work());
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
