Attribute VB_Name = "CheckerRibbon"
Option Explicit

' The buttons of the ribbon. The identifier of a button is the action it asks for, so a new button needs no code here.
' What people read stands in the settings sheet of this add-in, for this text is ASCII.

Public Sub CheckerAction(control As IRibbonControl)
    CheckerRun control.ID
End Sub

Public Sub CheckerRun(action As String)
    Dim obstacle As String
    obstacle = FindObstacle()
    If obstacle = "" Then
        RunPython "from checker.excel import main;main('" & action & "')"
    Else
        MsgBox GetConfig(obstacle), vbExclamation, GetConfig("MESSAGE_TITLE")
    End If
End Sub

' For macOS, where Python cannot ask Excel for a copy of an open workbook
Public Sub CheckerSaveCopy(book As String, path As String)
    Workbooks(book).SaveCopyAs path
End Sub

' The name of the message that says why Python cannot be called now
Private Function FindObstacle() As String
    If ActiveWorkbook Is Nothing Then
        FindObstacle = "MESSAGE_NO_WORKBOOK"
        If InProtectedView() Then FindObstacle = "MESSAGE_PROTECTED_VIEW"
    ElseIf IsUnsafe(ActiveWorkbook.Name) Then
        FindObstacle = "MESSAGE_FILE_NAME"
    ElseIf Not HasInterpreter() Then
        FindObstacle = "MESSAGE_NO_PYTHON"
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

Private Function HasInterpreter() As Boolean
    #If Mac Then
        HasInterpreter = True
    #Else
        HasInterpreter = FileExists(GetConfig("INTERPRETER_WIN"))
    #End If
End Function
