Attribute VB_Name = "CheckerRibbon"
Option Explicit

' The buttons of the ribbon. The identifier of a button is the action it asks for, so a new button needs no code here.
' What people read stands in the settings sheet of this add-in, for this text is ASCII.

' The module xlwings raises this where there is no Python
Private Const NO_PYTHON As Long = 20001

Public Sub CheckerAction(control As IRibbonControl)
    CheckerRun control.ID
End Sub

Private Sub CheckerRun(action As String)
    Dim obstacle As String
    On Error GoTo Failed
    obstacle = FindObstacle()
    If obstacle <> "" Then
        Tell obstacle, ""
        Exit Sub
    End If
    Application.StatusBar = Wording("MESSAGE_STARTING")
    CheckerStart action
    #If Mac Then
        ' There Python is still running; it clears the bar itself
    #Else
        If CStr(Application.StatusBar) = Wording("MESSAGE_STARTING") Then Application.StatusBar = False
    #End If
    Exit Sub
Failed:
    ' Windows or security software let nothing be started, or there is nothing to start
    If Err.Number = NO_PYTHON Then
        Tell "MESSAGE_NO_PYTHON", ""
    Else
        Tell "MESSAGE_NOT_STARTED", Err.Number & " " & Err.Description
    End If
End Sub

' Called by the module xlwings when Python ended with an error; with what Python wrote about it
Public Sub CheckerFailed(said As String)
    Tell "MESSAGE_PYTHON_FAILED", said
End Sub

' For macOS, where Python cannot ask Excel for a copy of an open workbook
Public Sub CheckerSaveCopy(book As String, path As String)
    #If Mac Then
        Workbooks(book).SaveCopyAs path
    #End If
End Sub

' The name of the message that says why Python cannot be called now
Private Function FindObstacle() As String
    If ActiveWorkbook Is Nothing Then
        FindObstacle = "MESSAGE_NO_WORKBOOK"
        If InProtectedView() Then FindObstacle = "MESSAGE_PROTECTED_VIEW"
    ElseIf IsUnsafe(ActiveWorkbook.Name) Then
        FindObstacle = "MESSAGE_FILE_NAME"
    End If
End Function

' Not every version knows protected view
Private Function InProtectedView() As Boolean
    Dim host As Object
    On Error Resume Next
    Set host = Application
    InProtectedView = Not host.ActiveProtectedViewWindow Is Nothing
End Function

' The name of the workbook is put into a command line, where these characters would be more than a name
Private Function IsUnsafe(name As String) As Boolean
    #If Mac Then
        IsUnsafe = name Like "*[$`""\|]*"
    #Else
        IsUnsafe = name Like "*%*%*"
    #End If
End Function

' Shows a message. Of details it shows the last line, and keeps all of them in a file that it names.
Private Sub Tell(message As String, details As String)
    Dim words As String, log As String
    words = Wording(message)
    If details <> "" Then
        words = words & vbLf & vbLf & LastLine(details)
        log = Kept(details)
        If log <> "" Then words = words & vbLf & Wording("MESSAGE_LOG") & log
    End If
    On Error Resume Next
    Application.StatusBar = False
    MsgBox words, vbExclamation, Wording("MESSAGE_TITLE")
End Sub

Private Function LastLine(details As String) As String
    Dim part As Variant
    For Each part In Split(Replace(details, vbCr, vbLf), vbLf)
        If Trim(part) <> "" Then LastLine = Left(part, 300)
    Next part
End Function

' The path of the file that details were added to; nothing where none can be written
Private Function Kept(details As String) As String
    Dim path As String, number As Integer
    #If Mac Then
        path = Environ("HOME") & "/checker.log"
    #Else
        path = Environ("TEMP") & "\checker.log"
    #End If
    On Error GoTo Unwritable
    number = FreeFile
    Open path For Append As #number
    Print #number, Now & " " & details
    Close #number
    Kept = path
Unwritable:
End Function

' Read here, for the module xlwings reads settings by means of what security software may have blocked
Private Function Wording(key As String) As String
    Dim sheet As Object, row As Long
    Set sheet = ThisWorkbook.Sheets("checker.conf")
    row = 1
    Do Until sheet.Cells(row, 1).Value = "" Or sheet.Cells(row, 1).Value = key
        row = row + 1
    Loop
    Wording = sheet.Cells(row, 2).Value
End Function
