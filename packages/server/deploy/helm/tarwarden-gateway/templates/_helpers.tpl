{{- define "tarwarden.selector" -}}
app.kubernetes.io/name: tarwarden-gateway
app.kubernetes.io/instance: {{ .Release.Name | toJson }}
{{- end -}}

{{- define "tarwarden.scheme" -}}
{{- if hasKey .Values.config "tls" }}HTTPS{{ else }}HTTP{{ end -}}
{{- end -}}
