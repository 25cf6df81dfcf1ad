'use strict';

const $ = (id) => document.getElementById(id);
let frames = 0;

// call sends a frame and returns the result, or throws an Error with the device's words.
async function call(method, args) {
  const frame = { id: ++frames, method };
  if (args !== undefined) frame.args = args;
  const response = await fetch('/rpc', { method: 'POST', body: JSON.stringify(frame) });
  const answer = await response.json();
  if (answer.error) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  if (!response.ok) throw new Error(answer.message || response.statusText);
  return answer.result;
}

function element(name, text, className) {
  const e = document.createElement(name);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
}

// list fills a <dl> with [term, value] pairs; pairs without a value are left out.
function list(id, pairs) {
  const rows = pairs.filter(([, value]) => value !== undefined && value !== '');
  $(id).replaceChildren(...rows.flatMap(([term, value, bad]) =>
    [element('dt', term), element('dd', value, bad ? 'bad' : '')]));
}

const bytes = (n) => n === undefined ? undefined
  : n < 10000 ? `${n} B` : n < 1e7 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 1048576).toFixed(1)} MiB`;

function duration(s) {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([unit]) => s >= unit);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).map(([unit, name]) => {
    const n = Math.floor(s / unit);
    s -= n * unit;
    return `${n} ${name}`;
  }).join(' ');
}

async function showConnection() {
  const tls = await call('TLS.Info');
  if (!tls.secure) {
    list('tls', [['Protocol', 'plain HTTP: anyone on the way reads and changes everything', true]]);
    return;
  }
  list('tls', [
    ['Protocol', tls.version], ['Suite', tls.suite], ['Group', tls.group], ['ALPN', tls.alpn],
    ['Resumed', tls.resumed ? 'yes' : 'no'],
    ['You are', tls.client ? tls.client.subject : 'nobody: no certificate was asked for', !tls.client],
    ['Names', tls.client?.names],
    ['SHA-256', tls.client?.sha256.match(/.{4}/g).join(' ')],
  ]);
}

async function showDevice() {
  const i = await call('Sys.GetInfo');
  if (i.app) $('lead').textContent = [i.app, i.fw_version, i.arch].filter(Boolean).join(' · ');
  list('device', [
    ['Name', i.id], ['Build', i.fw_id], ['MAC', i.mac], ['Up for', duration(i.uptime)],
    ['Memory free', i.ram_size ? `${bytes(i.ram_free)} of ${bytes(i.ram_size)}, least ${bytes(i.ram_min_free)}` : undefined],
    ['Files free', i.fs_size ? `${bytes(i.fs_free)} of ${bytes(i.fs_size)}` : undefined],
  ]);
}

async function showFiles() {
  const files = await call('FS.ListExt');
  $('files').replaceChildren(...files.map((file) => {
    const row = element('tr');
    row.append(element('td', file.name), element('td', file.name.endsWith('/') ? '' : bytes(file.size)));
    return row;
  }));
}

async function showMethods() {
  $('method').replaceChildren(...(await call('RPC.List')).map((name) => element('option', name)));
  $('method').value = 'FS.List';
  await describe();
}

async function describe() {
  const { args_fmt } = await call('RPC.Describe', { name: $('method').value });
  $('usage').textContent = args_fmt ? `Arguments: ${args_fmt}` : 'No arguments.';
}

$('method').addEventListener('change', () => describe().catch(() => {}));

$('call').addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = $('answer');
  answer.className = '';
  try {
    answer.textContent = JSON.stringify(await call($('method').value, JSON.parse($('args').value || '{}')), null, 2);
    await Promise.all([showDevice(), showFiles()]);
  } catch (e) {
    answer.textContent = e.message;
    answer.className = 'bad';
  }
});

for (const show of [showConnection, showDevice, showFiles, showMethods]) {
  show().catch((e) => {
    $('answer').textContent = e.message;
    $('answer').className = 'bad';
  });
}
