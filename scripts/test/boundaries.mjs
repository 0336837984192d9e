// Import boundaries by dependency-cruiser's rules; a run that saw no code, or could not follow our alias, fails.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const folders = ['app', 'components', 'lib', 'prisma', 'scripts', 'sdk', 'workers'].filter((folder) => existsSync(folder));
const mustBeSeen = ['lib', 'app', 'workers'];
const result = await cruise(folders, { ...options, validate: true, ruleSet: { forbidden } }, options.enhancedResolveOptions, {
  tsConfig: extractTSConfig(options.tsConfig.fileName),
});

/** @type {import('dependency-cruiser').ICruiseResult} */
const { modules, summary } = typeof result.output === 'string' ? JSON.parse(result.output) : result.output;
const problems = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
for (const folder of mustBeSeen) {
  const seen = modules.filter((module) => module.source.startsWith(`${folder}/`));
  if (seen.length === 0) problems.push(`no code was seen in ${folder}/`);
}
const viaAlias = modules
  .flatMap((module) => module.dependencies)
  .filter((to) => to.module.startsWith('@/') && to.resolved.startsWith('lib/'));
if (viaAlias.length === 0) problems.push('no import through "@/" was followed');

console.log(
  problems.length > 0 ? problems.join('\n') : `${modules.length} modules, ${summary.totalDependenciesCruised} imports, no violation`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
