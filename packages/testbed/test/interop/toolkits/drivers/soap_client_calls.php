<?php
/** Calls operations of a contract with PHP's SoapClient. A job on standard input (see ../toolkit.ts), a line of JSON a call. */
declare(strict_types=1);

/** Arguments as SoapClient takes them: bytes as they are, it encodes them. */
function given(mixed $value): mixed
{
    if (!is_array($value)) {
        return $value;
    }
    if (isset($value['$bytes'])) {
        return base64_decode($value['$bytes']);
    }
    if (isset($value['$time'])) {
        return $value['$time'];
    }
    return array_map('given', $value);
}

/** Strings that are no text are bytes. */
function told(mixed $value): mixed
{
    if (is_string($value)) {
        return is_text($value) ? $value : base64_encode($value);
    }
    if (is_object($value) || is_array($value)) {
        return array_map('told', (array) $value);
    }
    return $value;
}

function is_text(string $text): bool
{
    return preg_match('//u', $text) === 1;
}

function secret(string $path): string
{
    return trim(file_get_contents($path));
}

function client_of(array $job): SoapClient
{
    $tls = ['cafile' => $job['tls']['ca'], 'verify_peer' => true, 'verify_peer_name' => true];
    if (isset($job['tls']['cert'])) {
        $tls += ['local_cert' => $job['tls']['cert'], 'local_pk' => $job['tls']['key']];
    }
    $http = isset($job['bearer']) ? ['header' => 'Authorization: Bearer ' . secret($job['bearer']['tokenFile'])] : [];
    $options = [
        'soap_version' => $job['version'] === '1.1' ? SOAP_1_1 : SOAP_1_2,
        'stream_context' => stream_context_create(['ssl' => $tls, 'http' => $http]),
        'cache_wsdl' => WSDL_CACHE_NONE,
        'exceptions' => true,
    ];
    if (isset($job['basic'])) {
        $options['login'] = $job['basic']['user'];
        $options['password'] = secret($job['basic']['passwordFile']);
    }
    return new SoapClient($job['wsdl'], $options);
}

function call(SoapClient $client, array $call): array
{
    $operation = $call['operation'];
    try {
        $answer = $client->__soapCall($operation, [given($call['arguments'])]);
        return ['operation' => $operation, 'answer' => told($answer)];
    } catch (SoapFault $fault) {
        $detail = (array) ($fault->detail ?? []);
        $failure = told($detail['Failure'] ?? null);
        return ['operation' => $operation, 'fault' => ['text' => $fault->getMessage(), 'failure' => $failure]];
    }
}

$job = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$client = client_of($job);
foreach ($job['calls'] as $each) {
    echo json_encode(call($client, $each), JSON_THROW_ON_ERROR), "\n";
}
