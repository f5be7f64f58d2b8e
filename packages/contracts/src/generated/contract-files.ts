// Generated from wsdl/*; do not edit. Run `npm run generate`.
/** The contract files as they stand in wsdl/, by name. */
export const contractFiles: Readonly<Record<string, string>> = {
  'device.wsdl': `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="Device" targetNamespace="urn:postern:device:1:service"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:postern:types:1" xmlns:d="urn:postern:device:1" xmlns:tns="urn:postern:device:1:service">
  <wsdl:documentation>What an intermediary calls on a device. Document/literal wrapped, SOAP 1.1 and 1.2.</wsdl:documentation>
  <wsdl:types>
    <xs:schema>
      <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
      <xs:import namespace="urn:postern:device:1" schemaLocation="device.xsd"/>
    </xs:schema>
  </wsdl:types>

  <wsdl:message name="StoreOneTimePassword"><wsdl:part name="parameters" element="d:StoreOneTimePassword"/></wsdl:message>
  <wsdl:message name="StoreOneTimePasswordResponse"><wsdl:part name="parameters" element="d:StoreOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="GenerateOneTimePassword"><wsdl:part name="parameters" element="d:GenerateOneTimePassword"/></wsdl:message>
  <wsdl:message name="GenerateOneTimePasswordResponse"><wsdl:part name="parameters" element="d:GenerateOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="InvalidateOneTimePassword"><wsdl:part name="parameters" element="d:InvalidateOneTimePassword"/></wsdl:message>
  <wsdl:message name="InvalidateOneTimePasswordResponse"><wsdl:part name="parameters" element="d:InvalidateOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="ConcludeUpdate"><wsdl:part name="parameters" element="d:ConcludeUpdate"/></wsdl:message>
  <wsdl:message name="ConcludeUpdateResponse"><wsdl:part name="parameters" element="d:ConcludeUpdateResponse"/></wsdl:message>
  <wsdl:message name="MarkPasswordUsed"><wsdl:part name="parameters" element="d:MarkPasswordUsed"/></wsdl:message>
  <wsdl:message name="MarkPasswordUsedResponse"><wsdl:part name="parameters" element="d:MarkPasswordUsedResponse"/></wsdl:message>
  <wsdl:message name="GetDeviceInformation"><wsdl:part name="parameters" element="d:GetDeviceInformation"/></wsdl:message>
  <wsdl:message name="GetDeviceInformationResponse"><wsdl:part name="parameters" element="d:GetDeviceInformationResponse"/></wsdl:message>
  <wsdl:message name="GetCounters"><wsdl:part name="parameters" element="d:GetCounters"/></wsdl:message>
  <wsdl:message name="GetCountersResponse"><wsdl:part name="parameters" element="d:GetCountersResponse"/></wsdl:message>
  <wsdl:message name="GetParameters"><wsdl:part name="parameters" element="d:GetParameters"/></wsdl:message>
  <wsdl:message name="GetParametersResponse"><wsdl:part name="parameters" element="d:GetParametersResponse"/></wsdl:message>
  <wsdl:message name="SetParameters"><wsdl:part name="parameters" element="d:SetParameters"/></wsdl:message>
  <wsdl:message name="SetParametersResponse"><wsdl:part name="parameters" element="d:SetParametersResponse"/></wsdl:message>
  <wsdl:message name="ExecuteCommand"><wsdl:part name="parameters" element="d:ExecuteCommand"/></wsdl:message>
  <wsdl:message name="ExecuteCommandResponse"><wsdl:part name="parameters" element="d:ExecuteCommandResponse"/></wsdl:message>
  <wsdl:message name="CollectLogs"><wsdl:part name="parameters" element="d:CollectLogs"/></wsdl:message>
  <wsdl:message name="CollectLogsResponse"><wsdl:part name="parameters" element="d:CollectLogsResponse"/></wsdl:message>
  <wsdl:message name="ShowResult"><wsdl:part name="parameters" element="d:ShowResult"/></wsdl:message>
  <wsdl:message name="ShowResultResponse"><wsdl:part name="parameters" element="d:ShowResultResponse"/></wsdl:message>
  <wsdl:message name="ConfirmAlive"><wsdl:part name="parameters" element="d:ConfirmAlive"/></wsdl:message>
  <wsdl:message name="ConfirmAliveResponse"><wsdl:part name="parameters" element="d:ConfirmAliveResponse"/></wsdl:message>
  <wsdl:message name="GetApplications"><wsdl:part name="parameters" element="d:GetApplications"/></wsdl:message>
  <wsdl:message name="GetApplicationsResponse"><wsdl:part name="parameters" element="d:GetApplicationsResponse"/></wsdl:message>
  <wsdl:message name="SetApplication"><wsdl:part name="parameters" element="d:SetApplication"/></wsdl:message>
  <wsdl:message name="SetApplicationResponse"><wsdl:part name="parameters" element="d:SetApplicationResponse"/></wsdl:message>
  <wsdl:message name="ListFiles"><wsdl:part name="parameters" element="d:ListFiles"/></wsdl:message>
  <wsdl:message name="ListFilesResponse"><wsdl:part name="parameters" element="d:ListFilesResponse"/></wsdl:message>
  <wsdl:message name="ReadFile"><wsdl:part name="parameters" element="d:ReadFile"/></wsdl:message>
  <wsdl:message name="ReadFileResponse"><wsdl:part name="parameters" element="d:ReadFileResponse"/></wsdl:message>
  <wsdl:message name="WriteFile"><wsdl:part name="parameters" element="d:WriteFile"/></wsdl:message>
  <wsdl:message name="WriteFileResponse"><wsdl:part name="parameters" element="d:WriteFileResponse"/></wsdl:message>
  <wsdl:message name="DeleteFile"><wsdl:part name="parameters" element="d:DeleteFile"/></wsdl:message>
  <wsdl:message name="DeleteFileResponse"><wsdl:part name="parameters" element="d:DeleteFileResponse"/></wsdl:message>
  <wsdl:message name="Failure"><wsdl:part name="failure" element="t:Failure"/></wsdl:message>

  <wsdl:portType name="DevicePortType">
    <wsdl:operation name="StoreOneTimePassword">
      <wsdl:input message="tns:StoreOneTimePassword"/>
      <wsdl:output message="tns:StoreOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GenerateOneTimePassword">
      <wsdl:input message="tns:GenerateOneTimePassword"/>
      <wsdl:output message="tns:GenerateOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="InvalidateOneTimePassword">
      <wsdl:input message="tns:InvalidateOneTimePassword"/>
      <wsdl:output message="tns:InvalidateOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ConcludeUpdate">
      <wsdl:input message="tns:ConcludeUpdate"/>
      <wsdl:output message="tns:ConcludeUpdateResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="MarkPasswordUsed">
      <wsdl:input message="tns:MarkPasswordUsed"/>
      <wsdl:output message="tns:MarkPasswordUsedResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetDeviceInformation">
      <wsdl:input message="tns:GetDeviceInformation"/>
      <wsdl:output message="tns:GetDeviceInformationResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetCounters">
      <wsdl:input message="tns:GetCounters"/>
      <wsdl:output message="tns:GetCountersResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetParameters">
      <wsdl:input message="tns:GetParameters"/>
      <wsdl:output message="tns:GetParametersResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="SetParameters">
      <wsdl:input message="tns:SetParameters"/>
      <wsdl:output message="tns:SetParametersResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ExecuteCommand">
      <wsdl:input message="tns:ExecuteCommand"/>
      <wsdl:output message="tns:ExecuteCommandResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="CollectLogs">
      <wsdl:input message="tns:CollectLogs"/>
      <wsdl:output message="tns:CollectLogsResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ShowResult">
      <wsdl:input message="tns:ShowResult"/>
      <wsdl:output message="tns:ShowResultResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ConfirmAlive">
      <wsdl:input message="tns:ConfirmAlive"/>
      <wsdl:output message="tns:ConfirmAliveResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetApplications">
      <wsdl:input message="tns:GetApplications"/>
      <wsdl:output message="tns:GetApplicationsResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="SetApplication">
      <wsdl:input message="tns:SetApplication"/>
      <wsdl:output message="tns:SetApplicationResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListFiles">
      <wsdl:input message="tns:ListFiles"/>
      <wsdl:output message="tns:ListFilesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ReadFile">
      <wsdl:input message="tns:ReadFile"/>
      <wsdl:output message="tns:ReadFileResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="WriteFile">
      <wsdl:input message="tns:WriteFile"/>
      <wsdl:output message="tns:WriteFileResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="DeleteFile">
      <wsdl:input message="tns:DeleteFile"/>
      <wsdl:output message="tns:DeleteFileResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
  </wsdl:portType>

  <wsdl:binding name="DeviceSoap11" type="tns:DevicePortType">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="StoreOneTimePassword">
      <soap:operation soapAction="urn:postern:device:1:StoreOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GenerateOneTimePassword">
      <soap:operation soapAction="urn:postern:device:1:GenerateOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="InvalidateOneTimePassword">
      <soap:operation soapAction="urn:postern:device:1:InvalidateOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ConcludeUpdate">
      <soap:operation soapAction="urn:postern:device:1:ConcludeUpdate" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="MarkPasswordUsed">
      <soap:operation soapAction="urn:postern:device:1:MarkPasswordUsed" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetDeviceInformation">
      <soap:operation soapAction="urn:postern:device:1:GetDeviceInformation" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetCounters">
      <soap:operation soapAction="urn:postern:device:1:GetCounters" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetParameters">
      <soap:operation soapAction="urn:postern:device:1:GetParameters" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="SetParameters">
      <soap:operation soapAction="urn:postern:device:1:SetParameters" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ExecuteCommand">
      <soap:operation soapAction="urn:postern:device:1:ExecuteCommand" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="CollectLogs">
      <soap:operation soapAction="urn:postern:device:1:CollectLogs" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ShowResult">
      <soap:operation soapAction="urn:postern:device:1:ShowResult" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ConfirmAlive">
      <soap:operation soapAction="urn:postern:device:1:ConfirmAlive" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetApplications">
      <soap:operation soapAction="urn:postern:device:1:GetApplications" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="SetApplication">
      <soap:operation soapAction="urn:postern:device:1:SetApplication" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListFiles">
      <soap:operation soapAction="urn:postern:device:1:ListFiles" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ReadFile">
      <soap:operation soapAction="urn:postern:device:1:ReadFile" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="WriteFile">
      <soap:operation soapAction="urn:postern:device:1:WriteFile" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="DeleteFile">
      <soap:operation soapAction="urn:postern:device:1:DeleteFile" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:binding name="DeviceSoap12" type="tns:DevicePortType">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="StoreOneTimePassword">
      <soap12:operation soapAction="urn:postern:device:1:StoreOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GenerateOneTimePassword">
      <soap12:operation soapAction="urn:postern:device:1:GenerateOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="InvalidateOneTimePassword">
      <soap12:operation soapAction="urn:postern:device:1:InvalidateOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ConcludeUpdate">
      <soap12:operation soapAction="urn:postern:device:1:ConcludeUpdate" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="MarkPasswordUsed">
      <soap12:operation soapAction="urn:postern:device:1:MarkPasswordUsed" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetDeviceInformation">
      <soap12:operation soapAction="urn:postern:device:1:GetDeviceInformation" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetCounters">
      <soap12:operation soapAction="urn:postern:device:1:GetCounters" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetParameters">
      <soap12:operation soapAction="urn:postern:device:1:GetParameters" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="SetParameters">
      <soap12:operation soapAction="urn:postern:device:1:SetParameters" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ExecuteCommand">
      <soap12:operation soapAction="urn:postern:device:1:ExecuteCommand" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="CollectLogs">
      <soap12:operation soapAction="urn:postern:device:1:CollectLogs" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ShowResult">
      <soap12:operation soapAction="urn:postern:device:1:ShowResult" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ConfirmAlive">
      <soap12:operation soapAction="urn:postern:device:1:ConfirmAlive" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetApplications">
      <soap12:operation soapAction="urn:postern:device:1:GetApplications" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="SetApplication">
      <soap12:operation soapAction="urn:postern:device:1:SetApplication" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListFiles">
      <soap12:operation soapAction="urn:postern:device:1:ListFiles" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ReadFile">
      <soap12:operation soapAction="urn:postern:device:1:ReadFile" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="WriteFile">
      <soap12:operation soapAction="urn:postern:device:1:WriteFile" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="DeleteFile">
      <soap12:operation soapAction="urn:postern:device:1:DeleteFile" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:service name="DeviceService">
    <wsdl:port name="DeviceSoap11Port" binding="tns:DeviceSoap11"><soap:address location="https://localhost/device"/></wsdl:port>
    <wsdl:port name="DeviceSoap12Port" binding="tns:DeviceSoap12"><soap12:address location="https://localhost/device"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`,
  'device.xsd': `<?xml version="1.0" encoding="UTF-8"?>
<!-- The one vocabulary of requests. The same elements are the messages of device.wsdl (straight to a device) and
     stand inside a Request that travels down in a poll answer (uplink.wsdl). -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:postern:types:1" xmlns:d="urn:postern:device:1"
           targetNamespace="urn:postern:device:1" elementFormDefault="qualified">
  <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>

  <!-- ===== credentials (U1, U8, U12, U15; Fig 17 S103–S106, S120–S123; Fig 21) ===== -->
  <xs:element name="StoreOneTimePassword">
    <xs:annotation><xs:documentation>Stores the one-time password under which userName may use the bulk path, replacing any that was stored for it. Overwriting with an erasure password is the same request without a manifest. Secure path only.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="oneTimePassword" type="t:OneTimePassword"/>
      <xs:element name="lifetimeSeconds" type="t:Seconds"/>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="purpose" type="d:CredentialPurpose" minOccurs="0"/>
      <xs:element name="signedManifest" type="t:SignedManifest" minOccurs="0"/>
      <xs:element name="reportKey" type="t:SymmetricKey" minOccurs="0"/>
      <xs:element name="nonce" type="t:Nonce" minOccurs="0"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
      <xs:element name="signedTime" type="t:SignedRecord" minOccurs="0"/>
      <xs:element name="notifyStartAt" type="t:Endpoint" minOccurs="0">
        <xs:annotation><xs:documentation>Where this updater takes the start notification of the job in plain HTTP, when it is not the device's intermediary (U20).</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="CredentialPurpose">
    <xs:annotation><xs:documentation>update (the default): opens the bulk path. erasure: overwrites, opens nothing.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="update"/><xs:enumeration value="erasure"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="StoreOneTimePasswordResponse" type="d:CredentialStored"/>
  <xs:complexType name="CredentialStored">
    <xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="authenticatedReports" type="xs:boolean" minOccurs="0"/>
      <xs:element name="manifestChecked" type="xs:boolean" minOccurs="0"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind" minOccurs="0"/>
      <xs:element name="bulkHostKey" type="t:Sha256" minOccurs="0">
        <xs:annotation><xs:documentation>What the other end of an encrypted bulk path must prove to have: SHA-256 of the SSH host key (RFC 4253 §6.6 encoding) or of the TLS certificate (DER).</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>

  <xs:element name="GenerateOneTimePassword">
    <xs:annotation><xs:documentation>Asks the device to generate the one-time password (Fig 21). The request holds no secret and may come in plain HTTP; the password leaves the device on the secure path only: in the answer, or, when the request was plain, by StoreOneTimePassword of the intermediary contract before this is answered.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="lifetimeSeconds" type="t:Seconds"/>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="signedManifest" type="t:SignedManifest" minOccurs="0"/>
      <xs:element name="nonce" type="t:Nonce" minOccurs="0"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
      <xs:element name="signedTime" type="t:SignedRecord" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GenerateOneTimePasswordResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="delivery" type="d:PasswordDelivery"/>
      <xs:element name="oneTimePassword" type="t:OneTimePassword" minOccurs="0"/>
      <xs:element name="reportKey" type="t:SymmetricKey" minOccurs="0"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="authenticatedReports" type="xs:boolean" minOccurs="0"/>
      <xs:element name="manifestChecked" type="xs:boolean" minOccurs="0"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind" minOccurs="0"/>
      <xs:element name="bulkHostKey" type="t:Sha256" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="PasswordDelivery">
    <xs:annotation><xs:documentation>in-response: carried here. by-request: the device has called StoreOneTimePassword of the intermediary contract.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="in-response"/><xs:enumeration value="by-request"/></xs:restriction>
  </xs:simpleType>

  <xs:element name="InvalidateOneTimePassword">
    <xs:annotation><xs:documentation>The one-time password of this job is no longer usable. Carries no secret, so it needs no secrecy (U12).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="mac" type="t:MessageAuthenticationCode" minOccurs="0">
        <xs:annotation><xs:documentation>HMAC with the job's report key: the request may then come in plain HTTP.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="InvalidateOneTimePasswordResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="invalidated" type="xs:boolean"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="ConcludeUpdate">
    <xs:annotation><xs:documentation>The updater has decided the update; the device is to end the one-time password and to say so with EraseOneTimePassword of the intermediary contract before it answers (U18, Fig 24).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="invalidation" type="d:Invalidation"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ConcludeUpdateResponse">
    <xs:complexType><xs:sequence><xs:element name="jobId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="MarkPasswordUsed">
    <xs:annotation><xs:documentation>A password of the list is used up (P1, Fig 13 S45–S48), and every one before it. Holds no secret: plain HTTP. With a manifest the password goes on to open the bulk path for this one transfer; without, it ends now.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="list" type="t:Identifier"/>
      <xs:element name="entry" type="xs:unsignedInt"/>
      <xs:element name="lifetimeSeconds" type="t:Seconds" minOccurs="0"/>
      <xs:element name="signedManifest" type="t:SignedManifest" minOccurs="0"/>
      <xs:element name="nonce" type="t:Nonce" minOccurs="0"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
      <xs:element name="signedTime" type="t:SignedRecord" minOccurs="0"/>
      <xs:element name="mac" type="t:MessageAuthenticationCode" minOccurs="0">
        <xs:annotation><xs:documentation>HMAC over all of the above with the entry's report key.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="MarkPasswordUsedResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="list" type="t:Identifier"/>
      <xs:element name="next" type="xs:unsignedInt"/>
      <xs:element name="remaining" type="xs:unsignedInt"/>
      <xs:element name="manifestChecked" type="xs:boolean" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <!-- ===== device control and remote service (Fig 4, Fig 9; I1, I2, R5) ===== -->
  <xs:element name="GetDeviceInformation"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="GetDeviceInformationResponse">
    <xs:complexType><xs:sequence><xs:element name="device" type="d:DeviceInformation"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="DeviceInformation">
    <xs:sequence>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="model" type="t:ModelName"/>
      <xs:element name="components" type="t:ComponentVersions"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind"/>
      <xs:element name="securePath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="serialNumber" type="t:Identifier" minOccurs="0"/>
      <xs:element name="profile" type="t:Identifier" minOccurs="0"/>
      <xs:element name="authenticatedReports" type="xs:boolean" minOccurs="0"/>
      <xs:element name="plainPath" type="t:Endpoint" minOccurs="0">
        <xs:annotation><xs:documentation>Where the device takes requests without secrets in plain HTTP.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="freshnessNonce" type="t:Nonce" minOccurs="0">
        <xs:annotation><xs:documentation>Of a device without a clock: what the next signed time has to repeat.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="secureLink" type="d:SecureLink" minOccurs="0">
        <xs:annotation><xs:documentation>How the device is set up; ends that are not set up alike begin no update.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="remembersRequests" type="xs:boolean" minOccurs="0">
        <xs:annotation><xs:documentation>The device keeps the answers to requests that change something, by requestId: asked again, it gives the answer and does nothing.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="SecureLink">
    <xs:annotation><xs:documentation>Who proves to be who between device and intermediary (Fig 14, 15, 16).</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="mutual"/><xs:enumeration value="intermediary-authenticated"/><xs:enumeration value="device-authenticated"/></xs:restriction>
  </xs:simpleType>

  <xs:element name="GetCounters"><xs:complexType><xs:sequence><xs:element name="names" type="t:Names" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="GetCountersResponse"><xs:complexType><xs:sequence><xs:element name="counters" type="t:Counters"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="GetParameters"><xs:complexType><xs:sequence><xs:element name="names" type="t:Names" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="GetParametersResponse"><xs:complexType><xs:sequence><xs:element name="parameters" type="t:Parameters"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="SetParameters"><xs:complexType><xs:sequence><xs:element name="parameters" type="t:Parameters"/><xs:element name="requestId" type="t:Identifier" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="SetParametersResponse"><xs:complexType><xs:sequence><xs:element name="parameters" type="t:Parameters"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="ExecuteCommand">
    <xs:complexType><xs:sequence>
      <xs:element name="command" type="t:Identifier"/>
      <xs:element name="arguments" type="t:Parameters" minOccurs="0"/>
      <xs:element name="requestId" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ExecuteCommandResponse"><xs:complexType><xs:sequence><xs:element name="output" type="t:LogText"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="CollectLogs">
    <xs:complexType><xs:sequence>
      <xs:element name="since" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="minimumLevel" type="t:LogLevel" minOccurs="0"/>
      <xs:element name="limit" type="xs:unsignedShort" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="CollectLogsResponse"><xs:complexType><xs:sequence><xs:element name="entries" type="t:LogEntries"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="ShowResult">
    <xs:annotation><xs:documentation>Shows a result on the device's panel (R6–R8, deferred responses).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="inReplyTo" type="t:Identifier"/>
      <xs:element name="outcome" type="d:Outcome"/>
      <xs:element name="text" type="t:Text"/>
      <xs:element name="requestId" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ShowResultResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:simpleType name="Outcome">
    <xs:restriction base="xs:string"><xs:enumeration value="succeeded"/><xs:enumeration value="failed"/><xs:enumeration value="pending"/></xs:restriction>
  </xs:simpleType>

  <xs:element name="ConfirmAlive"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="ConfirmAliveResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="startedAt" type="xs:dateTime"/>
      <xs:element name="state" type="d:DeviceState"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="DeviceState">
    <xs:restriction base="xs:string">
      <xs:enumeration value="ready"/><xs:enumeration value="busy"/><xs:enumeration value="energy-saving"/><xs:enumeration value="updating"/>
    </xs:restriction>
  </xs:simpleType>

  <!-- ===== applications and files of a device (I3) ===== -->
  <xs:element name="GetApplications"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="GetApplicationsResponse">
    <xs:complexType><xs:sequence><xs:element name="application" type="d:Application" minOccurs="0" maxOccurs="64"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Application">
    <xs:sequence>
      <xs:element name="name" type="t:Identifier"/>
      <xs:element name="state" type="d:ApplicationState"/>
      <xs:element name="version" type="t:VersionText" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="ApplicationState"><xs:restriction base="xs:string"><xs:enumeration value="running"/><xs:enumeration value="stopped"/></xs:restriction></xs:simpleType>
  <xs:element name="SetApplication">
    <xs:annotation><xs:documentation>Starts or stops an application of the device; it stays so over restarts.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="name" type="t:Identifier"/>
      <xs:element name="state" type="d:ApplicationState"/>
      <xs:element name="requestId" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="SetApplicationResponse">
    <xs:complexType><xs:sequence><xs:element name="application" type="d:Application"/></xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="ListFiles"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="ListFilesResponse">
    <xs:complexType><xs:sequence><xs:element name="file" type="d:FileEntry" minOccurs="0" maxOccurs="256"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="FileEntry">
    <xs:sequence>
      <xs:element name="name" type="t:FileName"/>
      <xs:element name="length" type="xs:unsignedInt"/>
      <xs:element name="sha256" type="t:Sha256"/>
      <xs:element name="modifiedAt" type="xs:dateTime"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="ReadFile">
    <xs:annotation><xs:documentation>Reads a part of a file: small ones such as reports and settings; images travel on the bulk path.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="name" type="t:FileName"/>
      <xs:element name="offset" type="xs:unsignedInt" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ReadFileResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="file" type="d:FileEntry"/>
      <xs:element name="content" type="t:FileContent"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="WriteFile">
    <xs:annotation><xs:documentation>Writes a part of a file. Parts come in order, from offset 0; the file appears, or replaces the one of its name, with the last part, when length and digest are right.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="name" type="t:FileName"/>
      <xs:element name="length" type="xs:unsignedInt"/>
      <xs:element name="sha256" type="t:Sha256"/>
      <xs:element name="offset" type="xs:unsignedInt"/>
      <xs:element name="content" type="t:FileContent"/>
      <xs:element name="requestId" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="WriteFileResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="received" type="xs:unsignedInt"/>
      <xs:element name="complete" type="xs:boolean"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="DeleteFile">
    <xs:complexType><xs:sequence>
      <xs:element name="name" type="t:FileName"/>
      <xs:element name="requestId" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="DeleteFileResponse">
    <xs:complexType><xs:sequence><xs:element name="deleted" type="xs:boolean"/></xs:sequence></xs:complexType>
  </xs:element>

  <!-- ===== requests to an intermediary (only inside a poll answer, or at its operation port) ===== -->
  <xs:element name="UpdateSoftware">
    <xs:annotation><xs:documentation>Update the software of the request's target (S101). Images are fetched by digest from the uplink's /images/ folder.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="signedManifest" type="t:SignedManifest"/>
      <xs:element name="deadlineSeconds" type="t:Seconds"/>
      <xs:element name="policy" type="d:UpdatePolicy" minOccurs="0"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
      <xs:element name="signedTime" type="t:SignedRecord" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="UpdatePolicy">
    <xs:annotation><xs:documentation>Overrides of the site's policy for this update; what is absent is the site's choice.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="transferTries" type="xs:unsignedByte" minOccurs="0"/>
      <xs:element name="restartTimeoutSeconds" type="t:Seconds" minOccurs="0"/>
      <xs:element name="passwordGenerator" type="d:Party" minOccurs="0"/>
      <xs:element name="eraser" type="d:Party" minOccurs="0"/>
      <xs:element name="invalidation" type="d:Invalidation" minOccurs="0"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="Party"><xs:restriction base="xs:string"><xs:enumeration value="updater"/><xs:enumeration value="target"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Invalidation">
    <xs:restriction base="xs:string"><xs:enumeration value="overwrite-random"/><xs:enumeration value="overwrite-fixed"/><xs:enumeration value="request"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="UpdateSoftwareResponse">
    <xs:annotation><xs:documentation>The end of an update (S124). verified: the restarted device's version report was read and equals the manifest.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="state" type="d:UpdateOutcome"/>
      <xs:element name="assurance" type="d:Assurance"/>
      <xs:element name="components" type="t:ComponentVersions"/>
      <xs:element name="failure" type="t:Failure" minOccurs="0"/>
      <xs:element name="credential" type="d:CredentialEnd"/>
      <xs:element name="journal" type="d:Journal"/>
      <xs:element name="software" type="t:ModelName" minOccurs="0"/>
      <xs:element name="orderedBy" type="d:OrderOrigin" minOccurs="0"/>
      <xs:element name="gaps" type="d:AssuranceGaps" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="OrderOrigin">
    <xs:annotation><xs:documentation>Who ordered the update: the management server, somebody at the device's panel (U16), somebody at the intermediary (I4), or its scheduler.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="server"/><xs:enumeration value="panel"/><xs:enumeration value="operation-port"/><xs:enumeration value="schedule"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="AssuranceGaps">
    <xs:annotation><xs:documentation>What this update does without. None: full assurance.</xs:documentation></xs:annotation>
    <xs:sequence><xs:element name="gap" type="d:AssuranceGap" minOccurs="0" maxOccurs="16"/></xs:sequence>
  </xs:complexType>
  <xs:simpleType name="AssuranceGap">
    <xs:restriction base="xs:string">
      <xs:enumeration value="manifest-unchecked"/><xs:enumeration value="reports-unauthenticated"/><xs:enumeration value="device-unauthenticated"/><xs:enumeration value="updater-unauthenticated"/><xs:enumeration value="listed-password"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="UpdateOutcome">
    <xs:restriction base="xs:string">
      <xs:enumeration value="verified"/><xs:enumeration value="not-required"/><xs:enumeration value="failed"/><xs:enumeration value="cancelled"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Assurance">
    <xs:annotation><xs:documentation>full: signed manifest checked by the device, authenticated version report, both ends of the secure path authenticated. patent: neither manifest nor authenticated report (a device of another vendor). partial: anything between; gaps says what is missing.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="full"/><xs:enumeration value="partial"/><xs:enumeration value="patent"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="CredentialEnd">
    <xs:annotation><xs:documentation>erased: overwritten or invalidated. owed: the device could not be reached; erased when it returns, expires by itself at the latest. none: never shared.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="erased"/><xs:enumeration value="owed"/><xs:enumeration value="none"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Journal">
    <xs:sequence><xs:element name="step" type="d:JournalStep" minOccurs="0" maxOccurs="500"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="JournalStep">
    <xs:sequence>
      <xs:element name="sequence" type="xs:unsignedInt"/>
      <xs:element name="step" type="t:Identifier"/>
      <xs:element name="path" type="d:Path"/>
      <xs:element name="direction" type="d:Direction"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="outcome" type="d:StepOutcome"/>
      <xs:element name="code" type="t:ErrorCode" minOccurs="0"/>
      <xs:element name="detail" type="t:Text" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="Path"><xs:restriction base="xs:string"><xs:enumeration value="uplink"/><xs:enumeration value="secure"/><xs:enumeration value="bulk"/><xs:enumeration value="notice"/><xs:enumeration value="local"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Direction"><xs:restriction base="xs:string"><xs:enumeration value="to-device"/><xs:enumeration value="from-device"/><xs:enumeration value="to-server"/><xs:enumeration value="from-server"/><xs:enumeration value="inside"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="StepOutcome"><xs:restriction base="xs:string"><xs:enumeration value="started"/><xs:enumeration value="done"/><xs:enumeration value="failed"/></xs:restriction></xs:simpleType>

  <xs:element name="CancelUpdate"><xs:complexType><xs:sequence><xs:element name="requestId" type="t:Identifier"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="CancelUpdateResponse"><xs:complexType><xs:sequence><xs:element name="cancelled" type="xs:boolean"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="SetPolling">
    <xs:complexType><xs:sequence>
      <xs:element name="intervalSeconds" type="t:Seconds"/>
      <xs:element name="holdSeconds" type="t:Seconds"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="SetPollingResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>

  <xs:element name="Activate">
    <xs:annotation><xs:documentation>Adopts (or releases) a device that was found or registered.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="active" type="xs:boolean"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ActivateResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>

  <xs:element name="SearchDevices">
    <xs:complexType><xs:sequence>
      <xs:element name="method" type="d:SearchMethod"/>
      <xs:element name="addressRange" type="t:Text" minOccurs="0">
        <xs:annotation><xs:documentation>For address-range: addresses in CIDR notation, or FIRST-LAST.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="adopt" type="xs:boolean" minOccurs="0">
        <xs:annotation><xs:documentation>Adopts what is found at once; otherwise it waits for an Activate.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="SearchMethod"><xs:restriction base="xs:string"><xs:enumeration value="dns-sd"/><xs:enumeration value="address-range"/></xs:restriction></xs:simpleType>
  <xs:element name="SearchDevicesResponse">
    <xs:complexType><xs:sequence><xs:element name="device" type="d:DeviceInformation" minOccurs="0" maxOccurs="1000"/></xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="GetConnections">
    <xs:annotation><xs:documentation>The devices an intermediary is connected with, and those it has found but not adopted (I3).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence/></xs:complexType>
  </xs:element>
  <xs:element name="GetConnectionsResponse">
    <xs:complexType><xs:sequence><xs:element name="connection" type="d:Connection" minOccurs="0" maxOccurs="1000"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Connection">
    <xs:sequence>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="state" type="d:ConnectionState"/>
      <xs:element name="address" type="t:HostText" minOccurs="0"/>
      <xs:element name="lastContact" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="below" type="t:NodeName" minOccurs="0">
        <xs:annotation><xs:documentation>The intermediary below this one through which the device is reached.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="ConnectionState">
    <xs:annotation><xs:documentation>active: adopted, its last exchange succeeded. silent: adopted, its last exchange failed. found: not adopted yet. released: given up; its requests are refused.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="active"/><xs:enumeration value="silent"/><xs:enumeration value="found"/><xs:enumeration value="released"/></xs:restriction>
  </xs:simpleType>

  <xs:element name="FetchSoftware">
    <xs:annotation><xs:documentation>Bring the images of a manifest to the site ahead of an update (I2: download software).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="signedManifest" type="t:SignedManifest"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="FetchSoftwareResponse"><xs:complexType><xs:sequence><xs:element name="fetchedBytes" type="xs:unsignedLong"/></xs:sequence></xs:complexType></xs:element>

  <xs:element name="SetSchedule">
    <xs:complexType><xs:sequence><xs:element name="entry" type="d:ScheduleEntry" minOccurs="0" maxOccurs="64"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="ScheduleEntry">
    <xs:sequence>
      <xs:element name="task" type="d:ScheduledTask"/>
      <xs:element name="expression" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="ScheduledTask"><xs:restriction base="xs:string"><xs:enumeration value="check-versions"/><xs:enumeration value="collect-logs"/><xs:enumeration value="read-counters"/></xs:restriction></xs:simpleType>
  <xs:element name="SetScheduleResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
</xs:schema>
`,
  'intermediary.wsdl': `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="Intermediary" targetNamespace="urn:postern:intermediary:1:service"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:postern:types:1" xmlns:i="urn:postern:intermediary:1" xmlns:tns="urn:postern:intermediary:1:service">
  <wsdl:documentation>What a device calls on its intermediary. Document/literal wrapped, SOAP 1.1 and 1.2.</wsdl:documentation>
  <wsdl:types>
    <xs:schema>
      <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
      <xs:import namespace="urn:postern:intermediary:1" schemaLocation="intermediary.xsd"/>
    </xs:schema>
  </wsdl:types>

  <wsdl:message name="NotifyStart"><wsdl:part name="parameters" element="i:NotifyStart"/></wsdl:message>
  <wsdl:message name="NotifyStartResponse"><wsdl:part name="parameters" element="i:NotifyStartResponse"/></wsdl:message>
  <wsdl:message name="Register"><wsdl:part name="parameters" element="i:Register"/></wsdl:message>
  <wsdl:message name="RegisterResponse"><wsdl:part name="parameters" element="i:RegisterResponse"/></wsdl:message>
  <wsdl:message name="UserCall"><wsdl:part name="parameters" element="i:UserCall"/></wsdl:message>
  <wsdl:message name="UserCallResponse"><wsdl:part name="parameters" element="i:UserCallResponse"/></wsdl:message>
  <wsdl:message name="NotifySupply"><wsdl:part name="parameters" element="i:NotifySupply"/></wsdl:message>
  <wsdl:message name="NotifySupplyResponse"><wsdl:part name="parameters" element="i:NotifySupplyResponse"/></wsdl:message>
  <wsdl:message name="NotifyAbnormality"><wsdl:part name="parameters" element="i:NotifyAbnormality"/></wsdl:message>
  <wsdl:message name="NotifyAbnormalityResponse"><wsdl:part name="parameters" element="i:NotifyAbnormalityResponse"/></wsdl:message>
  <wsdl:message name="RequestOneTimePassword"><wsdl:part name="parameters" element="i:RequestOneTimePassword"/></wsdl:message>
  <wsdl:message name="RequestOneTimePasswordResponse"><wsdl:part name="parameters" element="i:RequestOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="StoreOneTimePassword"><wsdl:part name="parameters" element="i:StoreOneTimePassword"/></wsdl:message>
  <wsdl:message name="StoreOneTimePasswordResponse"><wsdl:part name="parameters" element="i:StoreOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="EraseOneTimePassword"><wsdl:part name="parameters" element="i:EraseOneTimePassword"/></wsdl:message>
  <wsdl:message name="EraseOneTimePasswordResponse"><wsdl:part name="parameters" element="i:EraseOneTimePasswordResponse"/></wsdl:message>
  <wsdl:message name="Failure"><wsdl:part name="failure" element="t:Failure"/></wsdl:message>

  <wsdl:portType name="IntermediaryPortType">
    <wsdl:operation name="NotifyStart">
      <wsdl:input message="tns:NotifyStart"/>
      <wsdl:output message="tns:NotifyStartResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="Register">
      <wsdl:input message="tns:Register"/>
      <wsdl:output message="tns:RegisterResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="UserCall">
      <wsdl:input message="tns:UserCall"/>
      <wsdl:output message="tns:UserCallResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="NotifySupply">
      <wsdl:input message="tns:NotifySupply"/>
      <wsdl:output message="tns:NotifySupplyResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="NotifyAbnormality">
      <wsdl:input message="tns:NotifyAbnormality"/>
      <wsdl:output message="tns:NotifyAbnormalityResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="RequestOneTimePassword">
      <wsdl:input message="tns:RequestOneTimePassword"/>
      <wsdl:output message="tns:RequestOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="StoreOneTimePassword">
      <wsdl:input message="tns:StoreOneTimePassword"/>
      <wsdl:output message="tns:StoreOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="EraseOneTimePassword">
      <wsdl:input message="tns:EraseOneTimePassword"/>
      <wsdl:output message="tns:EraseOneTimePasswordResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
  </wsdl:portType>

  <wsdl:binding name="IntermediarySoap11" type="tns:IntermediaryPortType">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="NotifyStart">
      <soap:operation soapAction="urn:postern:intermediary:1:NotifyStart" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="Register">
      <soap:operation soapAction="urn:postern:intermediary:1:Register" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="UserCall">
      <soap:operation soapAction="urn:postern:intermediary:1:UserCall" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="NotifySupply">
      <soap:operation soapAction="urn:postern:intermediary:1:NotifySupply" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="NotifyAbnormality">
      <soap:operation soapAction="urn:postern:intermediary:1:NotifyAbnormality" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="RequestOneTimePassword">
      <soap:operation soapAction="urn:postern:intermediary:1:RequestOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="StoreOneTimePassword">
      <soap:operation soapAction="urn:postern:intermediary:1:StoreOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="EraseOneTimePassword">
      <soap:operation soapAction="urn:postern:intermediary:1:EraseOneTimePassword" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:binding name="IntermediarySoap12" type="tns:IntermediaryPortType">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="NotifyStart">
      <soap12:operation soapAction="urn:postern:intermediary:1:NotifyStart" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="Register">
      <soap12:operation soapAction="urn:postern:intermediary:1:Register" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="UserCall">
      <soap12:operation soapAction="urn:postern:intermediary:1:UserCall" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="NotifySupply">
      <soap12:operation soapAction="urn:postern:intermediary:1:NotifySupply" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="NotifyAbnormality">
      <soap12:operation soapAction="urn:postern:intermediary:1:NotifyAbnormality" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="RequestOneTimePassword">
      <soap12:operation soapAction="urn:postern:intermediary:1:RequestOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="StoreOneTimePassword">
      <soap12:operation soapAction="urn:postern:intermediary:1:StoreOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="EraseOneTimePassword">
      <soap12:operation soapAction="urn:postern:intermediary:1:EraseOneTimePassword" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:service name="IntermediaryService">
    <wsdl:port name="IntermediarySoap11Port" binding="tns:IntermediarySoap11"><soap:address location="https://localhost/intermediary"/></wsdl:port>
    <wsdl:port name="IntermediarySoap12Port" binding="tns:IntermediarySoap12"><soap12:address location="https://localhost/intermediary"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`,
  'intermediary.xsd': `<?xml version="1.0" encoding="UTF-8"?>
<!-- What devices say to their intermediary. The same notices travel upwards inside a Deliver (uplink.wsdl). -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:postern:types:1" xmlns:d="urn:postern:device:1"
           xmlns:i="urn:postern:intermediary:1" targetNamespace="urn:postern:intermediary:1" elementFormDefault="qualified">
  <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
  <xs:import namespace="urn:postern:device:1" schemaLocation="device.xsd"/>

  <xs:element name="NotifyStart">
    <xs:annotation><xs:documentation>The device has started (U6; S115). May come in plain HTTP: it is a hint, proved by the version report that follows. mac: HMAC over job and nonce with the job's report key, when a job is open.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="program" type="i:Program"/>
      <xs:element name="components" type="t:ComponentVersions" minOccurs="0"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="jobId" type="t:Identifier" minOccurs="0"/>
      <xs:element name="mac" type="t:MessageAuthenticationCode" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="Program">
    <xs:annotation><xs:documentation>firmware: the normal program. updater-program: the compact one, because the firmware is unusable (D5).</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="firmware"/><xs:enumeration value="updater-program"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="NotifyStartResponse"><xs:complexType><xs:sequence/></xs:complexType></xs:element>

  <xs:element name="Register">
    <xs:annotation><xs:documentation>The device introduces itself (I2: device start, installation). Repeated at each start; mutual TLS proves the name.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="device" type="d:DeviceInformation"/>
      <xs:element name="placement" type="t:SignedRecord" minOccurs="0">
        <xs:annotation><xs:documentation>Signed with the key of the device's certificate: which intermediary it belongs to now; see docs/remote-management.md.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="RegisterResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="active" type="xs:boolean"/>
      <xs:element name="intermediaryId" type="t:NodeName"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="UserCall">
    <xs:annotation><xs:documentation>Somebody pressed the user-call key (R6–R8; S701).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="callId" type="t:Identifier"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="reason" type="t:Text"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="UserCallResponse" type="i:Answer"/>
  <xs:complexType name="Answer">
    <xs:annotation><xs:documentation>pending: a delay notice; the result follows with ShowResult.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="inReplyTo" type="t:Identifier"/>
      <xs:element name="outcome" type="d:Outcome"/>
      <xs:element name="text" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>

  <xs:element name="NotifySupply">
    <xs:complexType><xs:sequence>
      <xs:element name="noticeId" type="t:Identifier"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="supply" type="t:Identifier"/>
      <xs:element name="remainingPercent" type="i:Percent"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="NotifySupplyResponse" type="i:Answer"/>
  <xs:simpleType name="Percent"><xs:restriction base="xs:unsignedByte"><xs:maxInclusive value="100"/></xs:restriction></xs:simpleType>

  <xs:element name="NotifyAbnormality">
    <xs:complexType><xs:sequence>
      <xs:element name="noticeId" type="t:Identifier"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="code" type="t:ErrorCode"/>
      <xs:element name="text" type="t:Text"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="NotifyAbnormalityResponse" type="i:Answer"/>

  <xs:element name="RequestOneTimePassword">
    <xs:annotation><xs:documentation>An update was ordered at the device's panel and the intermediary is to generate the password (U16, Fig 22). The password itself follows with StoreOneTimePassword of the device contract or, over the secure path, in the answer.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="orderId" type="t:Identifier"/>
      <xs:element name="component" type="t:ComponentName" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="RequestOneTimePasswordResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="accepted" type="xs:boolean"/>
      <xs:element name="jobId" type="t:Identifier" minOccurs="0"/>
      <xs:element name="failure" type="t:Failure" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="StoreOneTimePassword">
    <xs:annotation><xs:documentation>The device generated the password (U15, U17; Fig 21, 23). With a jobId that the intermediary does not know it is an order from the panel (Fig 23). The answer brings what is to be installed. Secure path only.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="oneTimePassword" type="t:OneTimePassword"/>
      <xs:element name="lifetimeSeconds" type="t:Seconds"/>
      <xs:element name="reportKey" type="t:SymmetricKey" minOccurs="0"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind" minOccurs="0"/>
      <xs:element name="bulkHostKey" type="t:Sha256" minOccurs="0"/>
      <xs:element name="manifestChecked" type="xs:boolean" minOccurs="0">
        <xs:annotation><xs:documentation>The device will check the signed manifest that the answer brings before it installs anything.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="StoreOneTimePasswordResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="userName" type="t:NodeName"/>
      <xs:element name="signedManifest" type="t:SignedManifest" minOccurs="0"/>
      <xs:element name="nonce" type="t:Nonce" minOccurs="0"/>
      <xs:element name="keyRotations" type="t:SignedRecords" minOccurs="0"/>
      <xs:element name="signedTime" type="t:SignedRecord" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <xs:element name="EraseOneTimePassword">
    <xs:annotation><xs:documentation>The device has ended the password and tells so; the intermediary is to forget its copy, or to overwrite it with erasurePassword (U18, Fig 24). Secure path only.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="jobId" type="t:Identifier"/>
      <xs:element name="erasurePassword" type="t:OneTimePassword" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="EraseOneTimePasswordResponse">
    <xs:complexType><xs:sequence><xs:element name="jobId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>
</xs:schema>
`,
  'operator.wsdl': `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="Operator" targetNamespace="urn:postern:operator:1:service"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:postern:types:1" xmlns:o="urn:postern:operator:1" xmlns:tns="urn:postern:operator:1:service">
  <wsdl:documentation>What back-office systems call on the management server: devices and their counters, software and updates, requests to devices and intermediaries, calls and notices. It needs a client certificate of the role operator, or the operator token (HTTP Basic as user "operator", or Bearer). Document/literal wrapped, SOAP 1.1 and 1.2.</wsdl:documentation>
  <wsdl:types>
    <xs:schema>
      <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
      <xs:import namespace="urn:postern:operator:1" schemaLocation="operator.xsd"/>
    </xs:schema>
  </wsdl:types>

  <wsdl:message name="ListDevices"><wsdl:part name="parameters" element="o:ListDevices"/></wsdl:message>
  <wsdl:message name="ListDevicesResponse"><wsdl:part name="parameters" element="o:ListDevicesResponse"/></wsdl:message>
  <wsdl:message name="GetDevice"><wsdl:part name="parameters" element="o:GetDevice"/></wsdl:message>
  <wsdl:message name="GetDeviceResponse"><wsdl:part name="parameters" element="o:GetDeviceResponse"/></wsdl:message>
  <wsdl:message name="ListIntermediaries"><wsdl:part name="parameters" element="o:ListIntermediaries"/></wsdl:message>
  <wsdl:message name="ListIntermediariesResponse"><wsdl:part name="parameters" element="o:ListIntermediariesResponse"/></wsdl:message>
  <wsdl:message name="ListSoftware"><wsdl:part name="parameters" element="o:ListSoftware"/></wsdl:message>
  <wsdl:message name="ListSoftwareResponse"><wsdl:part name="parameters" element="o:ListSoftwareResponse"/></wsdl:message>
  <wsdl:message name="RegisterSoftware"><wsdl:part name="parameters" element="o:RegisterSoftware"/></wsdl:message>
  <wsdl:message name="RegisterSoftwareResponse"><wsdl:part name="parameters" element="o:RegisterSoftwareResponse"/></wsdl:message>
  <wsdl:message name="OrderUpdate"><wsdl:part name="parameters" element="o:OrderUpdate"/></wsdl:message>
  <wsdl:message name="OrderUpdateResponse"><wsdl:part name="parameters" element="o:OrderUpdateResponse"/></wsdl:message>
  <wsdl:message name="GetUpdate"><wsdl:part name="parameters" element="o:GetUpdate"/></wsdl:message>
  <wsdl:message name="GetUpdateResponse"><wsdl:part name="parameters" element="o:GetUpdateResponse"/></wsdl:message>
  <wsdl:message name="ListUpdates"><wsdl:part name="parameters" element="o:ListUpdates"/></wsdl:message>
  <wsdl:message name="ListUpdatesResponse"><wsdl:part name="parameters" element="o:ListUpdatesResponse"/></wsdl:message>
  <wsdl:message name="GetUpdateJournal"><wsdl:part name="parameters" element="o:GetUpdateJournal"/></wsdl:message>
  <wsdl:message name="GetUpdateJournalResponse"><wsdl:part name="parameters" element="o:GetUpdateJournalResponse"/></wsdl:message>
  <wsdl:message name="CancelUpdate"><wsdl:part name="parameters" element="o:CancelUpdate"/></wsdl:message>
  <wsdl:message name="CancelUpdateResponse"><wsdl:part name="parameters" element="o:CancelUpdateResponse"/></wsdl:message>
  <wsdl:message name="OrderRequests"><wsdl:part name="parameters" element="o:OrderRequests"/></wsdl:message>
  <wsdl:message name="OrderRequestsResponse"><wsdl:part name="parameters" element="o:OrderRequestsResponse"/></wsdl:message>
  <wsdl:message name="GetOrder"><wsdl:part name="parameters" element="o:GetOrder"/></wsdl:message>
  <wsdl:message name="GetOrderResponse"><wsdl:part name="parameters" element="o:GetOrderResponse"/></wsdl:message>
  <wsdl:message name="GetRequest"><wsdl:part name="parameters" element="o:GetRequest"/></wsdl:message>
  <wsdl:message name="GetRequestResponse"><wsdl:part name="parameters" element="o:GetRequestResponse"/></wsdl:message>
  <wsdl:message name="ListRequests"><wsdl:part name="parameters" element="o:ListRequests"/></wsdl:message>
  <wsdl:message name="ListRequestsResponse"><wsdl:part name="parameters" element="o:ListRequestsResponse"/></wsdl:message>
  <wsdl:message name="WithdrawRequest"><wsdl:part name="parameters" element="o:WithdrawRequest"/></wsdl:message>
  <wsdl:message name="WithdrawRequestResponse"><wsdl:part name="parameters" element="o:WithdrawRequestResponse"/></wsdl:message>
  <wsdl:message name="ListNotices"><wsdl:part name="parameters" element="o:ListNotices"/></wsdl:message>
  <wsdl:message name="ListNoticesResponse"><wsdl:part name="parameters" element="o:ListNoticesResponse"/></wsdl:message>
  <wsdl:message name="FollowNotices"><wsdl:part name="parameters" element="o:FollowNotices"/></wsdl:message>
  <wsdl:message name="FollowNoticesResponse"><wsdl:part name="parameters" element="o:FollowNoticesResponse"/></wsdl:message>
  <wsdl:message name="GetNotice"><wsdl:part name="parameters" element="o:GetNotice"/></wsdl:message>
  <wsdl:message name="GetNoticeResponse"><wsdl:part name="parameters" element="o:GetNoticeResponse"/></wsdl:message>
  <wsdl:message name="AnswerCall"><wsdl:part name="parameters" element="o:AnswerCall"/></wsdl:message>
  <wsdl:message name="AnswerCallResponse"><wsdl:part name="parameters" element="o:AnswerCallResponse"/></wsdl:message>
  <wsdl:message name="Failure"><wsdl:part name="failure" element="t:Failure"/></wsdl:message>

  <wsdl:portType name="OperatorPortType">
    <wsdl:operation name="ListDevices">
      <wsdl:input message="tns:ListDevices"/>
      <wsdl:output message="tns:ListDevicesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetDevice">
      <wsdl:input message="tns:GetDevice"/>
      <wsdl:output message="tns:GetDeviceResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListIntermediaries">
      <wsdl:input message="tns:ListIntermediaries"/>
      <wsdl:output message="tns:ListIntermediariesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListSoftware">
      <wsdl:input message="tns:ListSoftware"/>
      <wsdl:output message="tns:ListSoftwareResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="RegisterSoftware">
      <wsdl:input message="tns:RegisterSoftware"/>
      <wsdl:output message="tns:RegisterSoftwareResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="OrderUpdate">
      <wsdl:input message="tns:OrderUpdate"/>
      <wsdl:output message="tns:OrderUpdateResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetUpdate">
      <wsdl:input message="tns:GetUpdate"/>
      <wsdl:output message="tns:GetUpdateResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListUpdates">
      <wsdl:input message="tns:ListUpdates"/>
      <wsdl:output message="tns:ListUpdatesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetUpdateJournal">
      <wsdl:input message="tns:GetUpdateJournal"/>
      <wsdl:output message="tns:GetUpdateJournalResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="CancelUpdate">
      <wsdl:input message="tns:CancelUpdate"/>
      <wsdl:output message="tns:CancelUpdateResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="OrderRequests">
      <wsdl:input message="tns:OrderRequests"/>
      <wsdl:output message="tns:OrderRequestsResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetOrder">
      <wsdl:input message="tns:GetOrder"/>
      <wsdl:output message="tns:GetOrderResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetRequest">
      <wsdl:input message="tns:GetRequest"/>
      <wsdl:output message="tns:GetRequestResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListRequests">
      <wsdl:input message="tns:ListRequests"/>
      <wsdl:output message="tns:ListRequestsResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="WithdrawRequest">
      <wsdl:input message="tns:WithdrawRequest"/>
      <wsdl:output message="tns:WithdrawRequestResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="ListNotices">
      <wsdl:input message="tns:ListNotices"/>
      <wsdl:output message="tns:ListNoticesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="FollowNotices">
      <wsdl:input message="tns:FollowNotices"/>
      <wsdl:output message="tns:FollowNoticesResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="GetNotice">
      <wsdl:input message="tns:GetNotice"/>
      <wsdl:output message="tns:GetNoticeResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="AnswerCall">
      <wsdl:input message="tns:AnswerCall"/>
      <wsdl:output message="tns:AnswerCallResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
  </wsdl:portType>

  <wsdl:binding name="OperatorSoap11" type="tns:OperatorPortType">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="ListDevices">
      <soap:operation soapAction="urn:postern:operator:1:ListDevices" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetDevice">
      <soap:operation soapAction="urn:postern:operator:1:GetDevice" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListIntermediaries">
      <soap:operation soapAction="urn:postern:operator:1:ListIntermediaries" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListSoftware">
      <soap:operation soapAction="urn:postern:operator:1:ListSoftware" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="RegisterSoftware">
      <soap:operation soapAction="urn:postern:operator:1:RegisterSoftware" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="OrderUpdate">
      <soap:operation soapAction="urn:postern:operator:1:OrderUpdate" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetUpdate">
      <soap:operation soapAction="urn:postern:operator:1:GetUpdate" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListUpdates">
      <soap:operation soapAction="urn:postern:operator:1:ListUpdates" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetUpdateJournal">
      <soap:operation soapAction="urn:postern:operator:1:GetUpdateJournal" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="CancelUpdate">
      <soap:operation soapAction="urn:postern:operator:1:CancelUpdate" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="OrderRequests">
      <soap:operation soapAction="urn:postern:operator:1:OrderRequests" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetOrder">
      <soap:operation soapAction="urn:postern:operator:1:GetOrder" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetRequest">
      <soap:operation soapAction="urn:postern:operator:1:GetRequest" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListRequests">
      <soap:operation soapAction="urn:postern:operator:1:ListRequests" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="WithdrawRequest">
      <soap:operation soapAction="urn:postern:operator:1:WithdrawRequest" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListNotices">
      <soap:operation soapAction="urn:postern:operator:1:ListNotices" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="FollowNotices">
      <soap:operation soapAction="urn:postern:operator:1:FollowNotices" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetNotice">
      <soap:operation soapAction="urn:postern:operator:1:GetNotice" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="AnswerCall">
      <soap:operation soapAction="urn:postern:operator:1:AnswerCall" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:binding name="OperatorSoap12" type="tns:OperatorPortType">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="ListDevices">
      <soap12:operation soapAction="urn:postern:operator:1:ListDevices" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetDevice">
      <soap12:operation soapAction="urn:postern:operator:1:GetDevice" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListIntermediaries">
      <soap12:operation soapAction="urn:postern:operator:1:ListIntermediaries" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListSoftware">
      <soap12:operation soapAction="urn:postern:operator:1:ListSoftware" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="RegisterSoftware">
      <soap12:operation soapAction="urn:postern:operator:1:RegisterSoftware" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="OrderUpdate">
      <soap12:operation soapAction="urn:postern:operator:1:OrderUpdate" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetUpdate">
      <soap12:operation soapAction="urn:postern:operator:1:GetUpdate" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListUpdates">
      <soap12:operation soapAction="urn:postern:operator:1:ListUpdates" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetUpdateJournal">
      <soap12:operation soapAction="urn:postern:operator:1:GetUpdateJournal" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="CancelUpdate">
      <soap12:operation soapAction="urn:postern:operator:1:CancelUpdate" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="OrderRequests">
      <soap12:operation soapAction="urn:postern:operator:1:OrderRequests" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetOrder">
      <soap12:operation soapAction="urn:postern:operator:1:GetOrder" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetRequest">
      <soap12:operation soapAction="urn:postern:operator:1:GetRequest" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListRequests">
      <soap12:operation soapAction="urn:postern:operator:1:ListRequests" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="WithdrawRequest">
      <soap12:operation soapAction="urn:postern:operator:1:WithdrawRequest" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="ListNotices">
      <soap12:operation soapAction="urn:postern:operator:1:ListNotices" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="FollowNotices">
      <soap12:operation soapAction="urn:postern:operator:1:FollowNotices" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="GetNotice">
      <soap12:operation soapAction="urn:postern:operator:1:GetNotice" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="AnswerCall">
      <soap12:operation soapAction="urn:postern:operator:1:AnswerCall" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:service name="OperatorService">
    <wsdl:port name="OperatorSoap11Port" binding="tns:OperatorSoap11"><soap:address location="https://localhost/soap/operator"/></wsdl:port>
    <wsdl:port name="OperatorSoap12Port" binding="tns:OperatorSoap12"><soap12:address location="https://localhost/soap/operator"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`,
  'operator.xsd': `<?xml version="1.0" encoding="UTF-8"?>
<!-- What back-office systems of other vendors (billing, service desk, software distribution) call on the management server.
     Times are in UTC. What is not known is left out. Lists come in pages: next goes into after, and is left out on the last page. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:postern:types:1" xmlns:d="urn:postern:device:1"
           xmlns:i="urn:postern:intermediary:1" xmlns:o="urn:postern:operator:1"
           targetNamespace="urn:postern:operator:1" elementFormDefault="qualified">
  <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
  <xs:import namespace="urn:postern:device:1" schemaLocation="device.xsd"/>
  <xs:import namespace="urn:postern:intermediary:1" schemaLocation="intermediary.xsd"/>

  <!-- ===== shared ===== -->
  <xs:simpleType name="PageLimit">
    <xs:annotation><xs:documentation>How many items a page has at most; 100 unless given. A page may have fewer and not be the last.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:unsignedShort"><xs:minInclusive value="1"/><xs:maxInclusive value="1000"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="WaitSeconds">
    <xs:annotation><xs:documentation>How long the answer is held while there is nothing to tell; 0 unless given.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:unsignedByte"><xs:maxInclusive value="50"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="DeadlineSeconds">
    <xs:annotation><xs:documentation>How long something ordered may take; at most 31 days.</xs:documentation></xs:annotation>
    <xs:restriction base="t:Seconds"><xs:minInclusive value="1"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="NodeNames">
    <xs:sequence><xs:element name="node" type="t:NodeName" minOccurs="0" maxOccurs="16"/></xs:sequence>
  </xs:complexType>

  <!-- ===== devices and their counters ===== -->
  <xs:element name="ListDevices">
    <xs:annotation><xs:documentation>Devices by name. withCounters: each with its counters as they were read last; such a page is cut where it would get too long. Released and absent devices are listed, too.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="intermediary" type="t:NodeName" minOccurs="0">
        <xs:annotation><xs:documentation>Only devices below it, at whatever depth.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="model" type="t:ModelName" minOccurs="0"/>
      <xs:element name="profile" type="t:Identifier" minOccurs="0"/>
      <xs:element name="withCounters" type="xs:boolean" minOccurs="0"/>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListDevicesResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:DevicePage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="DevicePage">
    <xs:sequence>
      <xs:element name="device" type="o:Device" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="GetDevice">
    <xs:annotation><xs:documentation>One device, with its counters.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="deviceId" type="t:NodeName"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetDeviceResponse">
    <xs:complexType><xs:sequence><xs:element name="device" type="o:Device"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Device">
    <xs:annotation><xs:documentation>A device as its intermediary reported it last. intermediary: the one that polls for it; route: those below that one on the way to the device, nearest first. present: false once its intermediary names it no more. active: false once it was released.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:NodeName"/>
      <xs:element name="model" type="t:ModelName"/>
      <xs:element name="components" type="t:ComponentVersions"/>
      <xs:element name="bulkPathKind" type="t:BulkPathKind"/>
      <xs:element name="intermediary" type="t:NodeName"/>
      <xs:element name="route" type="o:NodeNames"/>
      <xs:element name="present" type="xs:boolean"/>
      <xs:element name="changedAt" type="xs:dateTime"/>
      <xs:element name="active" type="xs:boolean" minOccurs="0"/>
      <xs:element name="serialNumber" type="t:Identifier" minOccurs="0"/>
      <xs:element name="profile" type="t:Identifier" minOccurs="0"/>
      <xs:element name="securePath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="bulkPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="plainPath" type="t:Endpoint" minOccurs="0"/>
      <xs:element name="authenticatedReports" type="xs:boolean" minOccurs="0"/>
      <xs:element name="freshnessNonce" type="t:Nonce" minOccurs="0"/>
      <xs:element name="lastContact" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="intermediaryLastSeen" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="counters" type="o:CounterReadings" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="CounterReadings">
    <xs:sequence><xs:element name="counter" type="o:CounterReading" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="CounterReading">
    <xs:annotation><xs:documentation>A counter as it was read last. at: when the device was asked, by the clock of its site.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="name" type="t:ComponentName"/>
      <xs:element name="value" type="xs:unsignedLong"/>
      <xs:element name="at" type="xs:dateTime"/>
    </xs:sequence>
  </xs:complexType>

  <!-- ===== intermediaries ===== -->
  <xs:element name="ListIntermediaries">
    <xs:annotation><xs:documentation>Intermediaries that have called, and those below them, by name.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListIntermediariesResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:IntermediaryPage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="IntermediaryPage">
    <xs:sequence>
      <xs:element name="intermediary" type="o:Intermediary" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Intermediary">
    <xs:annotation><xs:documentation>via: the one that polls for it; left out for one that polls itself. route: those below via on the way to it, nearest first, itself the last.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="name" type="t:NodeName"/>
      <xs:element name="route" type="o:NodeNames"/>
      <xs:element name="via" type="t:NodeName" minOccurs="0"/>
      <xs:element name="lastSeen" type="xs:dateTime" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>

  <!-- ===== software ===== -->
  <xs:element name="ListSoftware">
    <xs:annotation><xs:documentation>Registered software, by identifier.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListSoftwareResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:SoftwarePage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="SoftwarePage">
    <xs:sequence>
      <xs:element name="software" type="o:Software" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="RegisterSoftware">
    <xs:annotation><xs:documentation>Registers software by its signed manifest. Its images must be here: they go up by PUT /api/v1/images/SHA-256 on the same port. Once more changes nothing.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="signedManifest" type="t:SignedManifest"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="RegisterSoftwareResponse">
    <xs:complexType><xs:sequence><xs:element name="software" type="o:Software"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Software">
    <xs:annotation><xs:documentation>A software package. warnings: what is allowed but probably not meant; at its registration only.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:Identifier"/>
      <xs:element name="software" type="t:ModelName"/>
      <xs:element name="model" type="t:ModelName"/>
      <xs:element name="expires" type="xs:dateTime"/>
      <xs:element name="components" type="o:SoftwareComponents"/>
      <xs:element name="registeredAt" type="xs:dateTime"/>
      <xs:element name="warnings" type="o:Warnings" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="SoftwareComponents">
    <xs:sequence><xs:element name="component" type="o:SoftwareComponent" minOccurs="0" maxOccurs="64"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="SoftwareComponent">
    <xs:sequence>
      <xs:element name="name" type="t:ComponentName"/>
      <xs:element name="version" type="t:VersionText"/>
      <xs:element name="length" type="xs:unsignedLong"/>
      <xs:element name="sha256" type="t:Sha256"/>
      <xs:element name="releaseCounter" type="xs:unsignedLong"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Warnings">
    <xs:sequence><xs:element name="warning" type="t:Text" minOccurs="0" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>

  <!-- ===== updates ===== -->
  <xs:element name="OrderUpdate">
    <xs:annotation><xs:documentation>Orders an update of one device; 24 hours unless deadlineSeconds says otherwise. With the idempotencyKey of an earlier order of the same content it answers that order's update; with other content it is refused.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="software" type="t:Identifier">
        <xs:annotation><xs:documentation>The identifier of a registered software package (sw-…).</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="deadlineSeconds" type="o:DeadlineSeconds" minOccurs="0"/>
      <xs:element name="policy" type="d:UpdatePolicy" minOccurs="0"/>
      <xs:element name="idempotencyKey" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="OrderUpdateResponse">
    <xs:complexType><xs:sequence><xs:element name="update" type="o:Update"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetUpdate">
    <xs:annotation><xs:documentation>One update. With waitSeconds the answer is held until the update has ended.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="updateId" type="t:Identifier"/>
      <xs:element name="waitSeconds" type="o:WaitSeconds" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetUpdateResponse">
    <xs:complexType><xs:sequence><xs:element name="update" type="o:Update"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListUpdates">
    <xs:annotation><xs:documentation>Updates, newest first, those that sites ordered themselves among them.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="deviceId" type="t:NodeName" minOccurs="0"/>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListUpdatesResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:UpdatePage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="UpdatePage">
    <xs:sequence>
      <xs:element name="update" type="o:Update" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="GetUpdateJournal">
    <xs:annotation><xs:documentation>The steps of an update, in order.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="updateId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetUpdateJournalResponse">
    <xs:complexType><xs:sequence><xs:element name="journal" type="o:UpdateJournal"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="CancelUpdate">
    <xs:annotation><xs:documentation>Calls an update off. It has ended at once when it was not fetched; otherwise its intermediary was asked, and decides.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="updateId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="CancelUpdateResponse">
    <xs:complexType><xs:sequence><xs:element name="update" type="o:Update"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Update">
    <xs:annotation><xs:documentation>An update and how far it is. softwareId and deadline are left out where the site ordered it. policy: what the order wanted otherwise than the site's configuration. versions: what is to be installed. reported: what the device said last that it runs. assurance, credential and gaps are there from its end on; assurance is full only where gaps is empty.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:Identifier"/>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="intermediary" type="t:NodeName"/>
      <xs:element name="orderedBy" type="d:OrderOrigin"/>
      <xs:element name="state" type="o:UpdateState"/>
      <xs:element name="cancelRequested" type="xs:boolean"/>
      <xs:element name="orderedAt" type="xs:dateTime"/>
      <xs:element name="policy" type="d:UpdatePolicy"/>
      <xs:element name="versions" type="t:ComponentVersions"/>
      <xs:element name="reported" type="t:ComponentVersions"/>
      <xs:element name="softwareId" type="t:Identifier" minOccurs="0"/>
      <xs:element name="software" type="t:ModelName" minOccurs="0"/>
      <xs:element name="phase" type="t:Identifier" minOccurs="0"/>
      <xs:element name="progress" type="o:Progress" minOccurs="0"/>
      <xs:element name="deadline" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="finishedAt" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="assurance" type="d:Assurance" minOccurs="0"/>
      <xs:element name="gaps" type="o:Gaps" minOccurs="0"/>
      <xs:element name="credential" type="d:CredentialEnd" minOccurs="0"/>
      <xs:element name="failure" type="t:Failure" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="UpdateState">
    <xs:annotation><xs:documentation>Only verified means that the restarted device's version report was read and equals the manifest. expired: nobody fetched it before its deadline.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string">
      <xs:enumeration value="ordered"/><xs:enumeration value="sent"/><xs:enumeration value="running"/><xs:enumeration value="verified"/><xs:enumeration value="not-required"/><xs:enumeration value="failed"/><xs:enumeration value="cancelled"/><xs:enumeration value="expired"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Progress">
    <xs:sequence>
      <xs:element name="doneBytes" type="xs:unsignedLong"/>
      <xs:element name="totalBytes" type="xs:unsignedLong"/>
      <xs:element name="bytesPerSecond" type="xs:unsignedLong" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Gaps">
    <xs:sequence><xs:element name="gap" type="o:Gap" minOccurs="0" maxOccurs="16"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Gap">
    <xs:annotation><xs:documentation>Something that an update did without, and what that means, for people.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="gap" type="d:AssuranceGap"/>
      <xs:element name="meaning" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="UpdateJournal">
    <xs:sequence><xs:element name="step" type="o:UpdateStep" minOccurs="0" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="UpdateStep">
    <xs:sequence>
      <xs:element name="sequence" type="xs:unsignedInt"/>
      <xs:element name="step" type="t:Identifier"/>
      <xs:element name="path" type="d:Path"/>
      <xs:element name="direction" type="d:Direction"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="outcome" type="d:StepOutcome"/>
      <xs:element name="title" type="t:Text" minOccurs="0"/>
      <xs:element name="code" type="t:ErrorCode" minOccurs="0"/>
      <xs:element name="detail" type="t:Text" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>

  <!-- ===== requests to devices and intermediaries, about no update ===== -->
  <xs:element name="OrderRequests">
    <xs:annotation><xs:documentation>Asks the same of one or more devices or intermediaries: all of them or none. Give either targets or a selector. 15 minutes unless deadlineSeconds says otherwise. A requestId in the request is the server's to give. With the idempotencyKey of an earlier order of the same content it answers that order; with other content it is refused.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="request" type="o:RequestContent"/>
      <xs:element name="targets" type="o:Targets" minOccurs="0"/>
      <xs:element name="selector" type="o:Selector" minOccurs="0"/>
      <xs:element name="at" type="t:NodeName" minOccurs="0">
        <xs:annotation><xs:documentation>With Activate: the intermediary that has found the devices, where none reports them yet.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="deadlineSeconds" type="o:DeadlineSeconds" minOccurs="0"/>
      <xs:element name="via" type="o:WayDown" minOccurs="0"/>
      <xs:element name="idempotencyKey" type="t:Identifier" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="OrderRequestsResponse">
    <xs:complexType><xs:sequence><xs:element name="order" type="o:Order"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="RequestContent">
    <xs:annotation><xs:documentation>What is asked: one of the requests of the device contract.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:choice>
        <xs:element ref="d:GetDeviceInformation"/>
        <xs:element ref="d:GetCounters"/>
        <xs:element ref="d:GetParameters"/>
        <xs:element ref="d:SetParameters"/>
        <xs:element ref="d:ExecuteCommand"/>
        <xs:element ref="d:CollectLogs"/>
        <xs:element ref="d:ShowResult"/>
        <xs:element ref="d:ConfirmAlive"/>
        <xs:element ref="d:SetPolling"/>
        <xs:element ref="d:Activate"/>
        <xs:element ref="d:SearchDevices"/>
        <xs:element ref="d:SetSchedule"/>
        <xs:element ref="d:GetApplications"/>
        <xs:element ref="d:SetApplication"/>
        <xs:element ref="d:ListFiles"/>
        <xs:element ref="d:ReadFile"/>
        <xs:element ref="d:WriteFile"/>
        <xs:element ref="d:DeleteFile"/>
        <xs:element ref="d:GetConnections"/>
      </xs:choice>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Targets">
    <xs:sequence><xs:element name="target" type="t:NodeName" minOccurs="1" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Selector">
    <xs:annotation><xs:documentation>All devices of which everything that is named here is true, released ones excepted. At least one of the three.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="intermediary" type="t:NodeName" minOccurs="0">
        <xs:annotation><xs:documentation>Below it, at whatever depth.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="model" type="t:ModelName" minOccurs="0"/>
      <xs:element name="profile" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="WayDown">
    <xs:annotation><xs:documentation>poll (the default): as the answer to a poll. mail: by mail, and by poll all the same.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:enumeration value="poll"/><xs:enumeration value="mail"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="GetOrder">
    <xs:annotation><xs:documentation>One order and how many of its requests are in which state. With waitSeconds the answer is held until all of them have ended.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="orderId" type="t:Identifier"/>
      <xs:element name="waitSeconds" type="o:WaitSeconds" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetOrderResponse">
    <xs:complexType><xs:sequence><xs:element name="order" type="o:Order"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Order">
    <xs:annotation><xs:documentation>One order for all of its targets. targets: how many requests it was. ended: all of them have ended.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:Identifier"/>
      <xs:element name="kind" type="o:RequestKind"/>
      <xs:element name="request" type="o:RequestContent"/>
      <xs:element name="via" type="o:WayDown"/>
      <xs:element name="targets" type="xs:unsignedInt"/>
      <xs:element name="orderedAt" type="xs:dateTime"/>
      <xs:element name="deadline" type="xs:dateTime"/>
      <xs:element name="states" type="o:StateCounts"/>
      <xs:element name="ended" type="xs:boolean"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="StateCounts">
    <xs:annotation><xs:documentation>How many requests are in which state, of those that are kept.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="waiting" type="xs:unsignedInt"/>
      <xs:element name="sent" type="xs:unsignedInt"/>
      <xs:element name="taken" type="xs:unsignedInt"/>
      <xs:element name="answered" type="xs:unsignedInt"/>
      <xs:element name="refused" type="xs:unsignedInt"/>
      <xs:element name="unreachable" type="xs:unsignedInt"/>
      <xs:element name="expired" type="xs:unsignedInt"/>
      <xs:element name="withdrawn" type="xs:unsignedInt"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="GetRequest">
    <xs:annotation><xs:documentation>One request with its answer. With waitSeconds this answer is held until the request has ended.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="requestId" type="t:Identifier"/>
      <xs:element name="waitSeconds" type="o:WaitSeconds" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetRequestResponse">
    <xs:complexType><xs:sequence><xs:element name="request" type="o:Request"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListRequests">
    <xs:annotation><xs:documentation>Requests about no update, newest first. Answers of more than 4 KiB are left out: answerLeftOut says so, GetRequest has them.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="orderId" type="t:Identifier" minOccurs="0"/>
      <xs:element name="target" type="t:NodeName" minOccurs="0"/>
      <xs:element name="intermediary" type="t:NodeName" minOccurs="0"/>
      <xs:element name="kind" type="o:RequestKind" minOccurs="0"/>
      <xs:element name="state" type="o:RequestState" minOccurs="0"/>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListRequestsResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:RequestPage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="RequestPage">
    <xs:sequence>
      <xs:element name="request" type="o:Request" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="WithdrawRequest">
    <xs:annotation><xs:documentation>Calls a request off, unless the site has said that it has it.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="requestId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="WithdrawRequestResponse">
    <xs:complexType><xs:sequence><xs:element name="request" type="o:Request"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="Request">
    <xs:annotation><xs:documentation>A request and what became of it. order: the order it belongs to; softwareId: only of FetchSoftware, which belongs to none. answer: the target's response, also one that came after the request had ended otherwise. failure: why there is no other answer.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:Identifier"/>
      <xs:element name="kind" type="o:RequestKind"/>
      <xs:element name="intermediary" type="t:NodeName"/>
      <xs:element name="target" type="t:NodeName"/>
      <xs:element name="state" type="o:RequestState"/>
      <xs:element name="orderedAt" type="xs:dateTime"/>
      <xs:element name="deadline" type="xs:dateTime"/>
      <xs:element name="answerLeftOut" type="xs:boolean"/>
      <xs:element name="order" type="t:Identifier" minOccurs="0"/>
      <xs:element name="softwareId" type="t:Identifier" minOccurs="0"/>
      <xs:element name="phase" type="t:Identifier" minOccurs="0"/>
      <xs:element name="endedAt" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="answeredAt" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="fetchedBytes" type="xs:unsignedLong" minOccurs="0"/>
      <xs:element name="failure" type="t:Failure" minOccurs="0"/>
      <xs:element name="answer" type="o:AnswerContent" minOccurs="0"/>
      <xs:element name="at" type="t:NodeName" minOccurs="0">
        <xs:annotation><xs:documentation>The intermediary that is to do it, where the order has named one (at).</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="RequestKind">
    <xs:annotation><xs:documentation>The name of the request's element. FetchSoftware: software brought to a site ahead of any update.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string">
      <xs:enumeration value="GetDeviceInformation"/><xs:enumeration value="GetCounters"/><xs:enumeration value="GetParameters"/><xs:enumeration value="SetParameters"/><xs:enumeration value="ExecuteCommand"/><xs:enumeration value="CollectLogs"/><xs:enumeration value="ShowResult"/><xs:enumeration value="ConfirmAlive"/><xs:enumeration value="SetPolling"/><xs:enumeration value="Activate"/><xs:enumeration value="SearchDevices"/><xs:enumeration value="FetchSoftware"/><xs:enumeration value="SetSchedule"/><xs:enumeration value="GetApplications"/><xs:enumeration value="SetApplication"/><xs:enumeration value="ListFiles"/><xs:enumeration value="ReadFile"/><xs:enumeration value="WriteFile"/><xs:enumeration value="DeleteFile"/><xs:enumeration value="GetConnections"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="RequestState">
    <xs:annotation><xs:documentation>waiting, sent and taken (the site has said that it has it) are open; the others are its end. The first decision stands.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string">
      <xs:enumeration value="waiting"/><xs:enumeration value="sent"/><xs:enumeration value="taken"/><xs:enumeration value="answered"/><xs:enumeration value="refused"/><xs:enumeration value="unreachable"/><xs:enumeration value="expired"/><xs:enumeration value="withdrawn"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="AnswerContent">
    <xs:annotation><xs:documentation>What was answered: the response of the request's kind.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:choice>
        <xs:element ref="d:GetDeviceInformationResponse"/>
        <xs:element ref="d:GetCountersResponse"/>
        <xs:element ref="d:GetParametersResponse"/>
        <xs:element ref="d:SetParametersResponse"/>
        <xs:element ref="d:ExecuteCommandResponse"/>
        <xs:element ref="d:CollectLogsResponse"/>
        <xs:element ref="d:ShowResultResponse"/>
        <xs:element ref="d:ConfirmAliveResponse"/>
        <xs:element ref="d:SetPollingResponse"/>
        <xs:element ref="d:ActivateResponse"/>
        <xs:element ref="d:SearchDevicesResponse"/>
        <xs:element ref="d:FetchSoftwareResponse"/>
        <xs:element ref="d:SetScheduleResponse"/>
        <xs:element ref="d:GetApplicationsResponse"/>
        <xs:element ref="d:SetApplicationResponse"/>
        <xs:element ref="d:ListFilesResponse"/>
        <xs:element ref="d:ReadFileResponse"/>
        <xs:element ref="d:WriteFileResponse"/>
        <xs:element ref="d:DeleteFileResponse"/>
        <xs:element ref="d:GetConnectionsResponse"/>
      </xs:choice>
    </xs:sequence>
  </xs:complexType>

  <!-- ===== calls and notices ===== -->
  <xs:element name="ListNotices">
    <xs:annotation><xs:documentation>What devices and schedules said, newest first. open: only the calls that wait for an answer (true), or only the rest (false). The content of log entries is left out: GetNotice has it.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="kind" type="o:NoticeKind" minOccurs="0"/>
      <xs:element name="deviceId" type="t:NodeName" minOccurs="0"/>
      <xs:element name="intermediary" type="t:NodeName" minOccurs="0"/>
      <xs:element name="open" type="xs:boolean" minOccurs="0"/>
      <xs:element name="after" type="t:Identifier" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="ListNoticesResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:NoticePage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="FollowNotices">
    <xs:annotation><xs:documentation>The notices that came after since, oldest first; from the oldest that is kept where since is left out. With waitSeconds the answer is held while there is none. next of the answer is the since of the next call, on the last page, too. Each notice is told once, as it came: what becomes of a call is told by GetNotice and ListNotices.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="since" type="t:Identifier" minOccurs="0"/>
      <xs:element name="kind" type="o:NoticeKind" minOccurs="0"/>
      <xs:element name="deviceId" type="t:NodeName" minOccurs="0"/>
      <xs:element name="intermediary" type="t:NodeName" minOccurs="0"/>
      <xs:element name="limit" type="o:PageLimit" minOccurs="0"/>
      <xs:element name="waitSeconds" type="o:WaitSeconds" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="FollowNoticesResponse">
    <xs:complexType><xs:sequence><xs:element name="page" type="o:NoticePage"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:complexType name="NoticePage">
    <xs:sequence>
      <xs:element name="notice" type="o:Notice" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="next" type="t:Identifier" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="GetNotice">
    <xs:annotation><xs:documentation>One call or notice, with all of its content.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence><xs:element name="noticeId" type="t:Identifier"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="GetNoticeResponse">
    <xs:complexType><xs:sequence><xs:element name="notice" type="o:Notice"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="AnswerCall">
    <xs:annotation><xs:documentation>Answers a call that waits for an operator; the text goes to the device's panel. The same answer again changes nothing.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="noticeId" type="t:Identifier"/>
      <xs:element name="outcome" type="o:CallOutcome"/>
      <xs:element name="text" type="t:Text"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="AnswerCallResponse">
    <xs:complexType><xs:sequence><xs:element name="notice" type="o:Notice"/></xs:sequence></xs:complexType>
  </xs:element>
  <xs:simpleType name="CallOutcome"><xs:restriction base="xs:string"><xs:enumeration value="succeeded"/><xs:enumeration value="failed"/></xs:restriction></xs:simpleType>
  <xs:complexType name="Notice">
    <xs:annotation><xs:documentation>A call or notice of a device, or what a site's schedule has read. at: by the clock of the server; siteAt: when it came to the site, by the clock there. missed: the caller had been told that the call failed before it came here. deviceId is the intermediary itself where it reports on itself.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="id" type="t:Identifier"/>
      <xs:element name="kind" type="o:NoticeKind"/>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="intermediary" type="t:NodeName"/>
      <xs:element name="route" type="o:NodeNames"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="missed" type="xs:boolean"/>
      <xs:element name="state" type="o:NoticeState"/>
      <xs:element name="siteAt" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="answer" type="o:CallAnswer" minOccurs="0"/>
      <xs:element name="answeredAt" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="content" type="o:NoticeContent" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="NoticeKind">
    <xs:restriction base="xs:string">
      <xs:enumeration value="UserCall"/><xs:enumeration value="NotifySupply"/><xs:enumeration value="NotifyAbnormality"/><xs:enumeration value="NotifyStart"/><xs:enumeration value="Register"/><xs:enumeration value="GetCountersResponse"/><xs:enumeration value="CollectLogsResponse"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="NoticeState">
    <xs:annotation><xs:documentation>noted: needs no answer. open: a call that waits for one. answered: at once. deferred: answered, on its way down. delivered: the site has the answer. expired: nobody answered in time. undelivered: the site did not fetch the answer in time.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string">
      <xs:enumeration value="noted"/><xs:enumeration value="open"/><xs:enumeration value="answered"/><xs:enumeration value="deferred"/><xs:enumeration value="delivered"/><xs:enumeration value="expired"/><xs:enumeration value="undelivered"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="CallAnswer">
    <xs:annotation><xs:documentation>What the caller is, or will be, told.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="outcome" type="d:Outcome"/>
      <xs:element name="text" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="NoticeContent">
    <xs:annotation><xs:documentation>What was said.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:choice>
        <xs:element ref="i:UserCall"/>
        <xs:element ref="i:NotifySupply"/>
        <xs:element ref="i:NotifyAbnormality"/>
        <xs:element ref="i:NotifyStart"/>
        <xs:element ref="i:Register"/>
        <xs:element ref="d:GetCountersResponse"/>
        <xs:element ref="d:CollectLogsResponse"/>
      </xs:choice>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
`,
  'types.xsd': `<?xml version="1.0" encoding="UTF-8"?>
<!-- Simple and shared types of all Postern contracts. Optional elements at the end are the extension points:
     a peer that does not know them may leave them out, and must refuse what it cannot read. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:postern:types:1"
           targetNamespace="urn:postern:types:1" elementFormDefault="qualified">

  <!-- ===== names ===== -->
  <xs:simpleType name="NodeName">
    <xs:annotation><xs:documentation>The name of an intermediary or device, unique below one management server.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Identifier">
    <xs:annotation><xs:documentation>Identifier of a request, response, job or notice; chosen by whoever creates it, unique for ever.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9._\\-]{1,64}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="ComponentName">
    <xs:restriction base="xs:string"><xs:pattern value="[a-z0-9][a-z0-9.\\-]{0,31}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="VersionText">
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9][A-Za-z0-9.+_\\-]{0,63}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="ModelName">
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9][A-Za-z0-9 ._\\-]{0,63}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="ErrorCode">
    <xs:annotation><xs:documentation>A stable code from the error catalogue, e.g. digest-mismatch.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[a-z][a-z0-9\\-]{0,63}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Text">
    <xs:annotation><xs:documentation>Text for people.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:maxLength value="1024"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="LogText">
    <xs:restriction base="xs:string"><xs:maxLength value="65536"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Sha256">
    <xs:annotation><xs:documentation>SHA-256 as 64 lower-case hexadecimal digits.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[0-9a-f]{64}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Nonce">
    <xs:annotation><xs:documentation>16 to 32 random bytes as lower-case hexadecimal digits.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[0-9a-f]{32,64}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="HostText">
    <xs:annotation><xs:documentation>A host name or address.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9.:_%\\-]{1,255}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Port">
    <xs:restriction base="xs:unsignedShort"><xs:minInclusive value="1"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Seconds">
    <xs:annotation><xs:documentation>A duration in whole seconds; at most 31 days.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:unsignedInt"><xs:maxInclusive value="2678400"/></xs:restriction>
  </xs:simpleType>

  <xs:simpleType name="FileName">
    <xs:annotation><xs:documentation>The name of a file at a device; there are no folders.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="FileContent">
    <xs:annotation><xs:documentation>A part of a file, at most 48 KiB.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:base64Binary"><xs:maxLength value="49152"/></xs:restriction>
  </xs:simpleType>

  <!-- ===== credentials ===== -->
  <xs:simpleType name="OneTimePassword">
    <xs:annotation><xs:documentation>Printable ASCII without space, as FTP carries it. Ours have at least 128 bits of randomness.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[!-~]{8,128}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="SymmetricKey">
    <xs:annotation><xs:documentation>32 bytes.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:base64Binary"><xs:length value="32"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="MessageAuthenticationCode">
    <xs:annotation><xs:documentation>HMAC-SHA-256 as 64 lower-case hexadecimal digits.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[0-9a-f]{64}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="SignedManifest">
    <xs:annotation><xs:documentation>A DSSE envelope (JSON) whose payload is a software manifest; see docs/manifest.md.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:base64Binary"><xs:maxLength value="65536"/></xs:restriction>
  </xs:simpleType>

  <xs:simpleType name="SignedRecord">
    <xs:annotation><xs:documentation>A DSSE envelope (JSON): a key rotation or a signed time; see docs/manifest.md.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:base64Binary"><xs:maxLength value="65536"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="SignedRecords">
    <xs:sequence><xs:element name="record" type="t:SignedRecord" minOccurs="0" maxOccurs="16"/></xs:sequence>
  </xs:complexType>

  <!-- ===== small structures ===== -->
  <xs:complexType name="ComponentVersion">
    <xs:sequence>
      <xs:element name="component" type="t:ComponentName"/>
      <xs:element name="version" type="t:VersionText"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="ComponentVersions">
    <xs:sequence><xs:element name="item" type="t:ComponentVersion" minOccurs="0" maxOccurs="64"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Counter">
    <xs:sequence>
      <xs:element name="name" type="t:ComponentName"/>
      <xs:element name="value" type="xs:unsignedLong"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Counters">
    <xs:sequence><xs:element name="item" type="t:Counter" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Parameter">
    <xs:sequence>
      <xs:element name="name" type="t:Identifier"/>
      <xs:element name="value" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Parameters">
    <xs:sequence><xs:element name="item" type="t:Parameter" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Names">
    <xs:sequence><xs:element name="name" type="t:Identifier" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="LogEntry">
    <xs:sequence>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:element name="level" type="t:LogLevel"/>
      <xs:element name="message" type="t:Text"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="LogEntries">
    <xs:sequence><xs:element name="item" type="t:LogEntry" minOccurs="0" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>
  <xs:simpleType name="LogLevel">
    <xs:restriction base="xs:string">
      <xs:enumeration value="debug"/><xs:enumeration value="info"/><xs:enumeration value="warn"/><xs:enumeration value="error"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Endpoint">
    <xs:sequence>
      <xs:element name="host" type="t:HostText"/>
      <xs:element name="port" type="t:Port"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="BulkPathKind">
    <xs:restriction base="xs:string">
      <xs:enumeration value="ftp"/><xs:enumeration value="ftps-explicit"/><xs:enumeration value="ftps-implicit"/><xs:enumeration value="sftp"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Failure">
    <xs:annotation><xs:documentation>Why something was refused or failed, and what to do next.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="code" type="t:ErrorCode"/>
      <xs:element name="message" type="t:Text"/>
      <xs:element name="hint" type="t:Text" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:element name="Failure" type="t:Failure">
    <xs:annotation><xs:documentation>The detail of every SOAP Fault.</xs:documentation></xs:annotation>
  </xs:element>
</xs:schema>
`,
  'uplink.wsdl': `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="Uplink" targetNamespace="urn:postern:uplink:1:service"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:t="urn:postern:types:1" xmlns:u="urn:postern:uplink:1" xmlns:tns="urn:postern:uplink:1:service">
  <wsdl:documentation>What an intermediary calls on the management server or on the intermediary above it. Images are fetched from /images/SHA-256 on the same listener (HTTP GET with Range). Document/literal wrapped, SOAP 1.1 and 1.2.</wsdl:documentation>
  <wsdl:types>
    <xs:schema>
      <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
      <xs:import namespace="urn:postern:uplink:1" schemaLocation="uplink.xsd"/>
    </xs:schema>
  </wsdl:types>

  <wsdl:message name="Poll"><wsdl:part name="parameters" element="u:Poll"/></wsdl:message>
  <wsdl:message name="PollResponse"><wsdl:part name="parameters" element="u:PollResponse"/></wsdl:message>
  <wsdl:message name="Deliver"><wsdl:part name="parameters" element="u:Deliver"/></wsdl:message>
  <wsdl:message name="DeliverResponse"><wsdl:part name="parameters" element="u:DeliverResponse"/></wsdl:message>
  <wsdl:message name="Failure"><wsdl:part name="failure" element="t:Failure"/></wsdl:message>

  <wsdl:portType name="UplinkPortType">
    <wsdl:operation name="Poll">
      <wsdl:input message="tns:Poll"/>
      <wsdl:output message="tns:PollResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
    <wsdl:operation name="Deliver">
      <wsdl:input message="tns:Deliver"/>
      <wsdl:output message="tns:DeliverResponse"/>
      <wsdl:fault name="Failure" message="tns:Failure"/>
    </wsdl:operation>
  </wsdl:portType>

  <wsdl:binding name="UplinkSoap11" type="tns:UplinkPortType">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Poll">
      <soap:operation soapAction="urn:postern:uplink:1:Poll" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="Deliver">
      <soap:operation soapAction="urn:postern:uplink:1:Deliver" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:binding name="UplinkSoap12" type="tns:UplinkPortType">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="Poll">
      <soap12:operation soapAction="urn:postern:uplink:1:Poll" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
    <wsdl:operation name="Deliver">
      <soap12:operation soapAction="urn:postern:uplink:1:Deliver" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Failure"><soap12:fault name="Failure" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>

  <wsdl:service name="UplinkService">
    <wsdl:port name="UplinkSoap11Port" binding="tns:UplinkSoap11"><soap:address location="https://localhost/uplink"/></wsdl:port>
    <wsdl:port name="UplinkSoap12Port" binding="tns:UplinkSoap12"><soap12:address location="https://localhost/uplink"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`,
  'uplink.xsd': `<?xml version="1.0" encoding="UTF-8"?>
<!-- What an intermediary says upwards. Served by the management server and by every intermediary for those below it. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:postern:types:1" xmlns:d="urn:postern:device:1"
           xmlns:i="urn:postern:intermediary:1" xmlns:u="urn:postern:uplink:1"
           targetNamespace="urn:postern:uplink:1" elementFormDefault="qualified">
  <xs:import namespace="urn:postern:types:1" schemaLocation="types.xsd"/>
  <xs:import namespace="urn:postern:device:1" schemaLocation="device.xsd"/>
  <xs:import namespace="urn:postern:intermediary:1" schemaLocation="intermediary.xsd"/>

  <xs:element name="Poll">
    <xs:annotation><xs:documentation>One exchange carries everything that waits on either side. Held open up to holdSeconds while there is nothing to send down; a newer Poll of the same node ends a held one. Delivery is at-least-once: what is not acknowledged is sent again, effects happen once by identifier.</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="sessionId" type="t:Identifier"/>
      <xs:element name="holdSeconds" type="t:Seconds"/>
      <xs:element name="capacity" type="xs:unsignedShort"/>
      <xs:element name="received" type="u:Identifiers" minOccurs="0"/>
      <xs:element name="responses" type="u:Responses" minOccurs="0"/>
      <xs:element name="delayNotices" type="u:DelayNotices" minOccurs="0"/>
      <xs:element name="devices" type="u:DeviceChanges" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="PollResponse">
    <xs:complexType><xs:sequence>
      <xs:element name="nextPollSeconds" type="t:Seconds"/>
      <xs:element name="acknowledged" type="u:Identifiers" minOccurs="0"/>
      <xs:element name="requests" type="u:Requests" minOccurs="0"/>
      <xs:element name="deferredResponses" type="u:DeferredResponses" minOccurs="0"/>
      <xs:element name="devicesRevision" type="xs:unsignedLong" minOccurs="0"/>
      <xs:element name="refusedDevices" type="u:RefusedDevices" minOccurs="0"/>
    </xs:sequence></xs:complexType>
  </xs:element>

  <xs:complexType name="Identifiers">
    <xs:sequence><xs:element name="id" type="t:Identifier" minOccurs="0" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>

  <xs:complexType name="Requests">
    <xs:sequence><xs:element name="request" type="u:Request" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Request">
    <xs:annotation><xs:documentation>A request on its way down (S601–S604). target: the device, or the intermediary itself. route: the intermediaries still to pass, nearest first.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="requestId" type="t:Identifier"/>
      <xs:element name="target" type="t:NodeName"/>
      <xs:element name="expiresInSeconds" type="t:Seconds"/>
      <xs:choice>
        <xs:element ref="d:UpdateSoftware"/>
        <xs:element ref="d:CancelUpdate"/>
        <xs:element ref="d:GetDeviceInformation"/>
        <xs:element ref="d:GetCounters"/>
        <xs:element ref="d:GetParameters"/>
        <xs:element ref="d:SetParameters"/>
        <xs:element ref="d:ExecuteCommand"/>
        <xs:element ref="d:CollectLogs"/>
        <xs:element ref="d:ShowResult"/>
        <xs:element ref="d:ConfirmAlive"/>
        <xs:element ref="d:SetPolling"/>
        <xs:element ref="d:Activate"/>
        <xs:element ref="d:SearchDevices"/>
        <xs:element ref="d:FetchSoftware"/>
        <xs:element ref="d:SetSchedule"/>
        <xs:element ref="d:GetApplications"/>
        <xs:element ref="d:SetApplication"/>
        <xs:element ref="d:ListFiles"/>
        <xs:element ref="d:ReadFile"/>
        <xs:element ref="d:WriteFile"/>
        <xs:element ref="d:DeleteFile"/>
        <xs:element ref="d:GetConnections"/>
      </xs:choice>
      <xs:element name="route" type="u:Route" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Route">
    <xs:sequence><xs:element name="node" type="t:NodeName" minOccurs="1" maxOccurs="16"/></xs:sequence>
  </xs:complexType>

  <xs:complexType name="Responses">
    <xs:sequence><xs:element name="response" type="u:Response" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="Response">
    <xs:annotation><xs:documentation>The answer to a request (S606–S608), once for each; sent until it is acknowledged.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="requestId" type="t:Identifier"/>
      <xs:element name="at" type="xs:dateTime"/>
      <xs:choice>
        <xs:element ref="t:Failure"/>
        <xs:element ref="d:UpdateSoftwareResponse"/>
        <xs:element ref="d:CancelUpdateResponse"/>
        <xs:element ref="d:GetDeviceInformationResponse"/>
        <xs:element ref="d:GetCountersResponse"/>
        <xs:element ref="d:GetParametersResponse"/>
        <xs:element ref="d:SetParametersResponse"/>
        <xs:element ref="d:ExecuteCommandResponse"/>
        <xs:element ref="d:CollectLogsResponse"/>
        <xs:element ref="d:ShowResultResponse"/>
        <xs:element ref="d:ConfirmAliveResponse"/>
        <xs:element ref="d:SetPollingResponse"/>
        <xs:element ref="d:ActivateResponse"/>
        <xs:element ref="d:SearchDevicesResponse"/>
        <xs:element ref="d:FetchSoftwareResponse"/>
        <xs:element ref="d:SetScheduleResponse"/>
        <xs:element ref="d:GetApplicationsResponse"/>
        <xs:element ref="d:SetApplicationResponse"/>
        <xs:element ref="d:ListFilesResponse"/>
        <xs:element ref="d:ReadFileResponse"/>
        <xs:element ref="d:WriteFileResponse"/>
        <xs:element ref="d:DeleteFileResponse"/>
        <xs:element ref="d:GetConnectionsResponse"/>
      </xs:choice>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="DelayNotices">
    <xs:sequence><xs:element name="delayNotice" type="u:DelayNotice" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="DelayNotice">
    <xs:annotation><xs:documentation>The request was taken; its answer will take longer (R2). Repeated with progress; steps are those since the last notice, best effort: the answer carries them all.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="requestId" type="t:Identifier"/>
      <xs:element name="phase" type="t:Identifier" minOccurs="0"/>
      <xs:element name="progress" type="u:Progress" minOccurs="0"/>
      <xs:element name="journal" type="d:Journal" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="Progress">
    <xs:sequence>
      <xs:element name="doneBytes" type="xs:unsignedLong"/>
      <xs:element name="totalBytes" type="xs:unsignedLong"/>
      <xs:element name="bytesPerSecond" type="xs:unsignedLong" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="DeviceChanges">
    <xs:annotation><xs:documentation>Devices below that appeared or changed since the revision the other side has. complete: the whole list begins here. A long list comes in parts: more says that another part follows; what no part of a whole list has named is gone once the last part is here.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="revision" type="xs:unsignedLong"/>
      <xs:element name="complete" type="xs:boolean"/>
      <xs:element name="device" type="u:DeviceChange" minOccurs="0" maxOccurs="1000"/>
      <xs:element name="intermediaries" type="u:IntermediariesBelow" minOccurs="0"/>
      <xs:element name="since" type="xs:unsignedLong" minOccurs="0">
        <xs:annotation><xs:documentation>The revision that these changes follow; who does not hold it cannot take them.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="more" type="xs:boolean" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="DeviceChange">
    <xs:sequence>
      <xs:element name="information" type="d:DeviceInformation"/>
      <xs:element name="lastContact" type="xs:dateTime" minOccurs="0"/>
      <xs:element name="route" type="u:Route" minOccurs="0"/>
      <xs:element name="active" type="xs:boolean" minOccurs="0"/>
      <xs:element name="placement" type="t:SignedRecord" minOccurs="0">
        <xs:annotation><xs:documentation>The device's own signed word where it is: what lets its name follow it from one intermediary to another.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="gone" type="xs:boolean" minOccurs="0">
        <xs:annotation><xs:documentation>The device is no longer below: it was released, or has moved elsewhere.</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="RefusedDevices">
    <xs:annotation><xs:documentation>Devices that this Poll told of and that were not taken, each with the reason. device-foreign: the name belongs to another intermediary, which the device may have moved to.</xs:documentation></xs:annotation>
    <xs:sequence><xs:element name="device" type="u:RefusedDevice" minOccurs="0" maxOccurs="1000"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="RefusedDevice">
    <xs:sequence>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="code" type="t:ErrorCode"/>
    </xs:sequence>
  </xs:complexType>
  <xs:complexType name="IntermediariesBelow">
    <xs:annotation><xs:documentation>All intermediaries below (T2), whenever this is told.</xs:documentation></xs:annotation>
    <xs:sequence><xs:element name="intermediary" type="u:IntermediaryBelow" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="IntermediaryBelow">
    <xs:annotation><xs:documentation>route: the intermediaries on the way to it, nearest first, itself the last.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="name" type="t:NodeName"/>
      <xs:element name="route" type="u:Route"/>
      <xs:element name="lastContact" type="xs:dateTime" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>

  <xs:complexType name="DeferredResponses">
    <xs:sequence><xs:element name="deferredResponse" type="u:DeferredResponse" minOccurs="0" maxOccurs="256"/></xs:sequence>
  </xs:complexType>
  <xs:complexType name="DeferredResponse">
    <xs:annotation><xs:documentation>The later answer to something delivered (R4). It comes again until a Poll names the deliveryId as received.</xs:documentation></xs:annotation>
    <xs:sequence>
      <xs:element name="deliveryId" type="t:Identifier"/>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="answer" type="i:Answer"/>
    </xs:sequence>
  </xs:complexType>

  <xs:element name="Deliver">
    <xs:annotation><xs:documentation>A device-originated request, forwarded with the route it took, the intermediary that took it from the device first (R3, R6; S704); or what the site's schedule has read. Answered by a response or a delay notice (outcome pending).</xs:documentation></xs:annotation>
    <xs:complexType><xs:sequence>
      <xs:element name="deliveryId" type="t:Identifier"/>
      <xs:element name="deviceId" type="t:NodeName"/>
      <xs:element name="route" type="u:Route"/>
      <xs:choice>
        <xs:element ref="i:UserCall"/>
        <xs:element ref="i:NotifySupply"/>
        <xs:element ref="i:NotifyAbnormality"/>
        <xs:element ref="i:NotifyStart"/>
        <xs:element ref="i:Register"/>
        <xs:element ref="d:UpdateSoftwareResponse"/>
        <xs:element ref="d:GetCountersResponse"/>
        <xs:element ref="d:CollectLogsResponse"/>
      </xs:choice>
      <xs:element name="at" type="xs:dateTime" minOccurs="0">
        <xs:annotation><xs:documentation>When it was taken from the device; it may have waited for the uplink since.</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="answeredAs" type="d:Outcome" minOccurs="0">
        <xs:annotation><xs:documentation>The device was told this already, because no answer came in time (R7).</xs:documentation></xs:annotation>
      </xs:element>
    </xs:sequence></xs:complexType>
  </xs:element>
  <xs:element name="DeliverResponse" type="i:Answer"/>
</xs:schema>
`,
};
