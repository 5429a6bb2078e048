put_letter(A.letter, A.at, 'kind', 'quarantine', 'code', A.code, 'detail', A.detail, 'payload', A.payload)
return 1
