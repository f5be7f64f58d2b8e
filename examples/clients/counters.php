<?php
/**
 * Counters of all devices, as a billing system reads them, with PHP's SoapClient.
 *
 *     php counters.php https://server.example:8444 ca.pem operator.token
 */
declare(strict_types=1);

[, $url, $caFile, $tokenFile] = $argv;

$operator = new SoapClient("$url/soap/operator?wsdl", [
    'login' => 'operator',
    'password' => trim(file_get_contents($tokenFile)),
    'stream_context' => stream_context_create(['ssl' => ['cafile' => $caFile]]),
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS, // a list of one is a list
    'cache_wsdl' => WSDL_CACHE_NONE,
]);

$after = null;
do {
    $page = $operator->ListDevices(array_filter(['withCounters' => true, 'after' => $after]))->page;
    foreach ($page->device ?? [] as $device) {
        foreach ($device->counters->counter ?? [] as $counter) {
            echo "$device->id,$counter->name,$counter->value\n";
        }
    }
    $after = $page->next ?? null;
} while ($after !== null);
